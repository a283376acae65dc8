import Recordings

extension SimulatedRecording {
  /// The recording with its force channel and grid geometry.
  public var recording: Recording {
    let count = signals.count
    var recording = Recording(
      signals: signals + [forcePercentMVC],
      samplingRate: samplingRate,
      names: (1...max(1, count)).prefix(count).map { "EMG \($0)" } + ["Force"])
    recording.channels[count].role = .force
    recording.channels[count].unit = .percentMVC
    let layout = configuration.electrodes
    if layout.site == .surface {
      recording.electrodeGrids = [
        ElectrodeGrid(
          name: "", rows: layout.rows, columns: layout.columns,
          interElectrodeDistanceMillimetres: layout.spacing,
          electrodes: electrodes.enumerated().map { index, electrode in
            ElectrodeGrid.Electrode(
              channel: index, position: .init(row: electrode.row, column: electrode.column))
          })
      ]
    }
    return recording
  }
}
