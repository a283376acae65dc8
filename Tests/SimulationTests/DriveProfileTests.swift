import Testing

@testable import Simulation

@Suite struct DriveProfileTests {
  @Test(arguments: DriveProfile.Shape.allCases)
  func restsAtTheStartAndStaysInRange(shape: DriveProfile.Shape) {
    let drive = DriveProfile(shape, levelPercentMVC: 30)
    var highest = 0.0
    for index in 0...300 {
      let time = Double(index) / 10
      let level = drive.level(at: time, duration: 30)
      if time <= drive.restSeconds { #expect(level == 0) }
      #expect(level >= 0 && level <= 0.41)
      highest = max(highest, level)
    }
    #expect(highest > 0.29)
  }

  @Test func trapezoidHasItsCorners() {
    var drive = DriveProfile(.trapezoid, levelPercentMVC: 40)
    drive.restSeconds = 2
    drive.rampSeconds = 4
    drive.finalRestSeconds = 1
    #expect(abs(drive.level(at: 4, duration: 20) - 0.2) < 1e-12)
    #expect(abs(drive.level(at: 10, duration: 20) - 0.4) < 1e-12)
    #expect(abs(drive.level(at: 17, duration: 20) - 0.2) < 1e-12)
    #expect(drive.level(at: 19.5, duration: 20) == 0)
  }

  @Test func stepsHoldTheirLevels() {
    var drive = DriveProfile(.steps, levelPercentMVC: 0)
    drive.restSeconds = 1
    drive.steps = [10, 50]
    #expect(drive.level(at: 2, duration: 11) == 0.1)
    #expect(drive.level(at: 9, duration: 11) == 0.5)
  }

  @Test func periodsRepeatTheContraction() {
    var drive = DriveProfile(.trapezoid, levelPercentMVC: 30)
    drive.periodSeconds = 20
    for time in [3.0, 8, 15, 19.5] {
      let once = drive.level(at: time, duration: 20)
      #expect(drive.level(at: time + 40, duration: 60) == once)
      #expect(drive.level(at: time, duration: 60) == once)
    }
    #expect(drive.level(at: 21, duration: 60) == 0)
  }
}
