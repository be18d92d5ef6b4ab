// SPDX-License-Identifier: Apache-2.0
#if COVERAGE_GUIDED
    import Glibc

    /// libFuzzer's own loop, which is linked in when the compiler was asked for its coverage.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<Int32>,
        _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ take: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// Feeds a target with what libFuzzer finds to lead to code not seen before.
    enum FuzzDriver {
        /// Written once, before the loop that reads it begins.
        nonisolated(unsafe) private static var target: FuzzTarget?

        /// Feeds the target for so many seconds; what stops it lands in `folder`.
        static func run(_ target: FuzzTarget, seconds: UInt64, folder: String) -> Int32 {
            self.target = target
            let corpus = "\(folder)/\(target.name)"
            mkdir(corpus, 0o755)
            for (number, sample) in target.samples().enumerated() {
                InputFile.write(sample, to: "\(corpus)/sample-\(number)")
            }
            let words = [
                "atoll-fuzz", corpus, "-max_total_time=\(seconds)",
                "-max_len=\(FuzzTarget.bytesMax)", "-rss_limit_mb=1024", "-timeout=10",
                "-print_final_stats=1", "-artifact_prefix=\(folder)/\(target.name)-",
            ]
            var count = Int32(words.count)
            let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
                capacity: words.count + 1)
            for (index, word) in words.enumerated() { list[index] = strdup(word) }
            list[words.count] = nil
            var pointer = list
            return runDriver(&count, &pointer) { bytes, count in
                FuzzDriver.target?.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            }
        }
    }

    /// What libFuzzer's own main, which is linked beside ours, refers to.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func takeNothing(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 { 0 }
#endif
