// SPDX-License-Identifier: Apache-2.0

/// What the processes of a cloud hold when nothing happens.
enum CloudMemory {
    static let figure = FigureID(
        "cloud.memory", "MiB", "resident memory of the largest node process of an idle cloud",
        bar: .atMost(50))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let seconds = bench.either(30, quick: 10)
        return try await LocalCloud.lend(bench) { cloud in
            bench.say("\(seconds) s of silence")
            await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
            let held = try cloud.members().map { member in
                guard let memory = ProcessMeter.memory(of: try cloud.process(of: member)) else {
                    throw BenchFailure("\(member.name) ended")
                }
                return (name: member.name, memory: memory)
            }
            let all = held.map { item in
                "\(item.name) \(mebibytes(item.memory.resident)) "
                    + "(\(mebibytes(item.memory.proportional)))"
            }
            let meter =
                "RSS after \(seconds) s of silence, in brackets PSS: "
                + all.joined(separator: ", ")
            let largest = held.map(\.memory.resident).max() ?? 0
            return [
                Measurement(figure: figure, value: Double(largest) / 1_048_576, meter: meter)
            ]
        }
    }

    private static func mebibytes(_ bytes: Int) -> String {
        NumberText.of(Double(bytes) / 1_048_576)
    }
}
