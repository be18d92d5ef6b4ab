// SPDX-License-Identifier: Apache-2.0

extension [Double] {
    /// The middle value.
    var median: Double { percentile(50) }

    /// The smallest value that `percent` in a hundred do not exceed; 0 of nothing.
    func percentile(_ percent: Double) -> Double {
        guard !isEmpty else { return 0 }
        let rank = (percent / 100 * Double(count)).rounded(.up)
        return sorted()[Swift.min(Swift.max(Int(rank), 1), count) - 1]
    }

    /// The smallest and the largest value, as text.
    var spread: String { "\(NumberText.of(self.min() ?? 0))-\(NumberText.of(self.max() ?? 0))" }
}

/// Numbers as figures show them: three significant digits, whole above a thousand.
enum NumberText {
    static func of(_ value: Double) -> String {
        guard value.isFinite else { return "\(value)" }
        let size = abs(value)
        if size == 0 || size >= 100 { return "\(Int(value.rounded()))" }
        var decimals = 1
        var scaled = size
        while scaled < 10, decimals < 9 {
            scaled *= 10
            decimals += 1
        }
        let factor = (0..<decimals).reduce(1) { power, _ in power * 10 }
        let units = Int((size * Double(factor)).rounded())
        let fraction = String(units % factor)
        var digits = String(repeating: "0", count: decimals - fraction.count) + fraction
        while digits.last == "0" { digits.removeLast() }
        let text = digits.isEmpty ? "\(units / factor)" : "\(units / factor).\(digits)"
        return value < 0 ? "-\(text)" : text
    }
}
