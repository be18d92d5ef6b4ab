// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Shares seeds among processes, says how far they are, and sums up. A process that dies takes
/// only its own seeds along, and is a failure of the seed it was at.
struct Crew {
    private struct Tally {
        var held: UInt64 = 0
        var failed: [UInt64] = []
    }

    private let arguments: Arguments
    private var errands: [Hand.Errand] = []
    private var hands: [Hand] = []
    private var tallies: [String: Tally] = [:]
    private var done: UInt64 = 0
    private let begin = Terminal.seconds()
    private var saidAt: UInt64

    /// Seeds of one errand: few enough that no process is left alone at the end for long.
    private static let seedsMax: UInt64 = 10
    /// Between two lines about progress, in seconds.
    private static let pause: UInt64 = 10

    init(_ arguments: Arguments) {
        self.arguments = arguments
        saidAt = begin
        for file in arguments.files {
            var from = arguments.from
            let end = arguments.from + arguments.seeds
            while from < end {
                let seeds = min(Self.seedsMax, end - from)
                errands.append(Hand.Errand(file: file, from: from, seeds: seeds))
                from += seeds
            }
        }
        errands.reverse()
    }

    /// Does everything.
    ///
    /// - Returns: What the program ends with.
    consuming func run() -> Int32 {
        var crew = self
        return crew.work()
    }

    private mutating func work() -> Int32 {
        while !errands.isEmpty || !hands.isEmpty {
            while hands.count < Int(arguments.jobs), let errand = errands.popLast() {
                guard let hand = Hand(errand, arguments) else {
                    guard hands.isEmpty else {
                        errands.append(errand)
                        break
                    }
                    Terminal.say("atoll-simulate: no process can be started\n")
                    return 2
                }
                hands.append(hand)
            }
            listen()
            sayProgress()
        }
        sumUp()
        return tallies.values.allSatisfy(\.failed.isEmpty) ? 0 : 1
    }

    /// Waits a second at most for somebody to say something.
    private mutating func listen() {
        var polls = hands.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
        guard poll(&polls, nfds_t(polls.count), 1_000) > 0 else { return }
        for index in hands.indices.reversed() where polls[index].revents != 0 {
            guard !hands[index].listen() else { continue }
            let hand = hands.remove(at: index)
            take(hand, exit: hand.finish())
        }
    }

    private mutating func take(_ hand: Hand, exit: Int32) {
        let name = ScenarioFile.name(of: hand.errand.file)
        let text = String(decoding: hand.text, as: UTF8.self)
        var tally = tallies[name] ?? Tally()
        var told: UInt64 = 0
        var isAboutFailure = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let holds = line.hasPrefix("ok     ")
            if holds || line.hasPrefix("FAILED ") {
                if holds { tally.held += 1 } else { tally.failed.append(hand.errand.from + told) }
                told += 1
                isAboutFailure = !holds
            }
            if isAboutFailure || (holds && !arguments.isBrief) { Terminal.tell(line + "\n") }
        }
        if told < hand.errand.seeds {
            let seed = hand.errand.from + told
            tally.failed.append(seed)
            Terminal.tell("FAILED \(name) seed \(seed): its process ended with \(exit)\n")
            resume(hand.errand, after: seed)
        }
        done += min(told + 1, hand.errand.seeds)
        tallies[name] = tally
    }

    /// The seeds after one that ended its process are somebody else's errand.
    private mutating func resume(_ errand: Hand.Errand, after seed: UInt64) {
        let left = errand.from + errand.seeds - seed - 1
        guard left > 0 else { return }
        errands.append(Hand.Errand(file: errand.file, from: seed + 1, seeds: left))
    }

    // MARK: What people see

    private mutating func sayProgress() {
        let now = Terminal.seconds()
        guard now >= saidAt + Self.pause else { return }
        saidAt = now
        let all = arguments.seeds * UInt64(arguments.files.count)
        let failed = tallies.values.reduce(0) { $0 + $1.failed.count }
        Terminal.say("\(done) of \(all) seeds in \(now - begin) s, \(failed) failed\n")
    }

    private func sumUp() {
        Terminal.tell("\n")
        for file in arguments.files {
            let name = ScenarioFile.name(of: file)
            guard let tally = tallies[name] else { continue }
            let failed = tally.failed.sorted().map(String.init).joined(separator: " ")
            let text = failed.isEmpty ? "" : ", FAILED seeds \(failed)"
            Terminal.tell("\(name): \(tally.held) seeds hold\(text)\n")
        }
        Terminal.tell("\(done) seeds in \(Terminal.seconds() - begin) s\n")
    }
}
