import Foundation
import Hummingbird

/// Jobs and their progress.
struct JobRoutes: RouteGroup {
  let jobs: Jobs

  func add(to table: inout RouteTable) {
    table.get("api/v1/jobs", .reader, "Decompositions and visits of this session") { _, _ in
      try json(await jobs.states)
    }
    table.get("api/v1/jobs/:job", .reader, "One job") { _, context in
      try json(try await jobs.state(try context.parameters.require("job", as: Int.self)))
    }
    table.delete("api/v1/jobs/:job", .editor, "Cancel a job") { _, context in
      try json(try await jobs.cancel(try context.parameters.require("job", as: Int.self)))
    }
    table.get("api/v1/jobs/:job/events", .reader, "Progress as server-sent events") { _, context in
      let stream = try await jobs.listen(try context.parameters.require("job", as: Int.self))
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream"],
        body: ResponseBody { writer in
          var id = 0
          for await state in stream {
            id += 1
            let event = state.isOver ? state.status : "progress"
            let data = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
            try await writer.write(
              ByteBuffer(string: "id: \(id)\nevent: \(event)\ndata: \(data)\n\n"))
          }
          try await writer.finish(nil)
        })
    }
  }
}
