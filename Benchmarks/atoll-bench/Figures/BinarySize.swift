// SPDX-License-Identifier: Apache-2.0

/// The size of the one binary, as it was built.
enum BinarySize {
    static let figure = FigureID("binary.size", "MiB", "size of the release binary, as built")
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let path = ChildProgram.ownFolder + "/atoll"
        guard let bytes = SystemFile.size(path) else {
            throw BenchFailure("there is no \(path); build it with: swift build -c release")
        }
        let segments = try await bench.compute { try loadedBytes(path) }
        let meter =
            "file size; without symbols \(NumberText.of(mebibytes(segments))) MiB; "
            + "the WebAssembly library is a file of its own"
        return [Measurement(figure: figure, value: mebibytes(bytes), meter: meter)]
    }

    /// What the loader takes of the file: text and data as size(1) counts them.
    private static func loadedBytes(_ path: String) throws -> Int {
        let lines = try ChildProgram.run("/usr/bin/size", [path]).split(separator: "\n")
        let fields = lines.last?.split { $0 == " " || $0 == "\t" } ?? []
        guard fields.count > 1, let text = Int(fields[0]), let data = Int(fields[1]) else {
            throw BenchFailure("size(1) says something else than before")
        }
        return text + data
    }

    private static func mebibytes(_ bytes: Int) -> Double { Double(bytes) / 1_048_576 }
}
