// SPDX-License-Identifier: Apache-2.0

/// The one line a figure is printed as, for people and for programs.
enum FigureLine {
    static func text(_ measurement: Measurement, machine: String) -> String {
        let value = measurement.value
        var words = [
            "figure", measurement.figure.name, NumberText.of(value), measurement.figure.unit,
        ]
        for peer in measurement.peers {
            words.append("peer=\(peer.name):\(NumberText.of(peer.value))")
            words.append("ratio=\(NumberText.of(value / peer.value))")
        }
        let note = "\(machine); \(measurement.meter)".filter { $0 != "\"" }
        words.append("note=\"\(note)\"")
        return words.joined(separator: " ")
    }
}
