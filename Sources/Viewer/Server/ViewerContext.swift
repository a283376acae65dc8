import Hummingbird

/// What a request carries through the viewer.
struct ViewerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The token that changing requests of this session carry; nil without a session.
  var token: String?

  init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

/// A header field; the framework names only the collection.
typealias HTTPField = HTTPFields.Element
