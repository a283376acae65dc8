import Terminal

/// Prints to standard output as `StandardStream` does; in this module every `print` comes here.
func print(_ text: String, terminator: String = "\n") {
  StandardStream.print(text, terminator: terminator)
}
