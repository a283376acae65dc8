extension RegistrySchema {
  /// The fourth version: where a therapy was given, for trials that treat one side of the body.
  static let version4 = """
    ALTER TABLE intervention ADD COLUMN muscle TEXT;
    ALTER TABLE intervention ADD COLUMN side TEXT
      CHECK (side IN ('left', 'right', 'midline'));
    """
}
