extension RegistrySchema {
  /// The second version: where the electrodes of a run lay, and what a link of units rests on.
  static let version2 = """
    ALTER TABLE analysis_run ADD COLUMN electrodes TEXT
      CHECK (electrodes IS NULL OR json_valid(electrodes));
    ALTER TABLE unit_link ADD COLUMN evidence TEXT
      CHECK (evidence IS NULL OR json_valid(evidence));
    """
}
