// SPDX-License-Identifier: Apache-2.0
#if !COVERAGE_GUIDED
    import Glibc

    /// Feeds a target with mutations that follow from a seed, for builds without a fuzzer's
    /// instrumentation. The input under way lies in a file, so that a trap leaves it behind.
    enum FuzzDriver {
        /// Feeds the target for so many seconds.
        static func run(_ target: FuzzTarget, seconds: UInt64, folder: String) -> Int32 {
            let samples = target.samples()
            var mutator = Mutator(seed: UInt64(getpid()))
            let current = "\(folder)/current-\(target.name)"
            let end = clock() + clock_t(seconds) * 1_000_000
            var count: UInt64 = 0
            while clock() < end {
                let input = mutator.mutate(samples, bytesMax: FuzzTarget.bytesMax)
                guard InputFile.write(input, to: current) else { return 2 }
                target.take(input)
                count += 1
            }
            unlink(current)
            Terminal.tell("\(target.name): \(count) inputs, seeded\n")
            return 0
        }
    }
#endif
