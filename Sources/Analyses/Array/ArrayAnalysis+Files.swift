import Decomposition
import MotorUnits
import Recordings
import Reports

extension ArrayAnalysis {
  /// Writes the folder of results.
  ///
  /// Returns where a folder of another origin is kept, if one was there.
  ///
  /// - Throws: `OutputError` or `RecordingError` naming the folder or file.
  package func write(
    to place: OutputPlace, _ origin: OutputOrigin, command: String, recipe: RunRecipe? = nil,
    research: ResearchCounts? = nil
  ) throws -> String? {
    var export = try export()
    export.recipe = try recipe?.json()
    var folder = ResultFolder()
    folder.add("units.json", export.unitsJSON())
    folder.add("units.csv", export.unitsCSV())
    folder.add("spikes.csv", export.spikesCSV())
    folder.add("counts.csv", counts.csv)
    folder.add(TemplateFile.name, try TemplateFile(self).json())
    folder.add("report.html", report(command: command).html())
    if !drift.isEmpty { folder.add("drift.csv", driftTable) }
    if let research { folder.add("extrapolated-counts.csv", research.csv) }
    return try folder.write(to: place, origin)
  }

  /// How potentials change, one line for each unit and segment.
  package var driftTable: String {
    var text = "unit,start_s,end_s,discharges,amplitude_uV,similarity,silhouette\n"
    for unit in drift {
      for point in unit.points {
        text +=
          [
            String(unit.unit), Formatting.fixed(point.start, 3), Formatting.fixed(point.end, 3),
            String(point.dischargeCount),
            hasPhysicalAmplitude ? Formatting.fixed(point.amplitudeMicrovolts, 2) : "",
            Formatting.fixed(point.similarity, 4), Formatting.fixed(point.silhouette, 4),
          ].joined(separator: ",") + "\n"
      }
    }
    return text
  }
}
