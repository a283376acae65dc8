import Hummingbird

/// What a request carries through the viewer.
struct ViewerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The session; nil without one.
  var session: Sessions.Holder?
  /// Where the request comes from, as the log names it.
  var client: String

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    client = source.channel.remoteAddress?.ipAddress ?? "unknown"
  }

  /// The token that changing requests of this session carry.
  var token: String? { session?.token }

  /// Who asks, as logs and the registry name them.
  var user: String { session?.user ?? "nobody" }
}

/// A header field; the framework names only the collection.
typealias HTTPField = HTTPFields.Element
