// SPDX-License-Identifier: Apache-2.0

/// What the command line asks for.
struct Arguments: Equatable {
    var files: [String] = []
    /// How many seeds of each scenario.
    var seeds: UInt64 = 1
    /// The first of them.
    var from: UInt64 = 1
    /// How many processes share the work.
    var jobs: UInt64 = 1
    /// How long a failure may be shrunk, in seconds.
    var shrinkSeconds: UInt64 = 30
    /// Whether what holds is only counted.
    var isBrief = false
    /// Whether each line ends with the digest of everything that happened.
    var showsDigest = false

    /// More processes than any machine has cores for.
    static let jobsMax: UInt64 = 1_024

    struct Fault: Error, Equatable {
        let reason: String
    }

    /// What somebody asks for; nil when it is not understood, which is said with the usage.
    static func understood<Wish>(
        _ usage: String, _ read: () throws(Fault) -> Wish
    ) -> Wish? {
        do {
            return try read()
        } catch {
            Terminal.say("atoll-simulate: \(error.reason)\n\(usage)")
            return nil
        }
    }

    static let usage = """
        usage: atoll-simulate FILE... [--seeds N] [--from SEED] [--jobs N] [--shrink SECONDS]
                              [--brief] [--digest]
               atoll-simulate gossip [OPTION...]
               atoll-simulate money [OPTION...]
               atoll-simulate economy [OPTION...]

        Runs each scenario from N seeds, the first of which is SEED, and prints one line a seed.
          --seeds N     how many seeds, 1 unless told
          --from SEED   the first seed, 1 unless told
          --jobs N      share the work among N processes, 1 unless told; prints a summary
          --shrink S    look S seconds for the smallest scenario that fails too, for the first
                        failing seed of each scenario; 30 unless told, 0 for not at all
          --brief       say nothing of seeds that hold
          --digest      print a hash of everything that happened as well
        Ends with 0 when every promise was kept, 1 when one was broken, 2 when it cannot run.

        """

    /// Reads the words after the program's name.
    ///
    /// - Throws: ``Fault`` for an option that does not exist or has no number, and without a file.
    init(_ words: [String]) throws(Fault) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--seeds": seeds = try Self.number(after: word, &rest, min: 1)
            case "--from": from = try Self.number(after: word, &rest, min: 0)
            case "--jobs": jobs = try Self.number(after: word, &rest, min: 1)
            case "--shrink": shrinkSeconds = try Self.number(after: word, &rest, min: 0)
            case "--brief": isBrief = true
            case "--digest": showsDigest = true
            default:
                guard !word.hasPrefix("-") else {
                    throw Fault(reason: "there is no option '\(word)'")
                }
                files.append(word)
            }
        }
        guard jobs <= Self.jobsMax else {
            throw Fault(reason: "--jobs is at most \(Self.jobsMax)")
        }
        guard !files.isEmpty else { throw Fault(reason: "a scenario file is missing") }
        guard !from.addingReportingOverflow(seeds).overflow else {
            throw Fault(reason: "there are no \(seeds) seeds from \(from)")
        }
    }

    private static func number(
        after option: String, _ rest: inout ArraySlice<String>, min: UInt64
    ) throws(Fault) -> UInt64 {
        guard let word = rest.popFirst(), let number = UInt64(word), number >= min else {
            throw Fault(reason: "\(option) needs a whole number of at least \(min)")
        }
        return number
    }
}
