// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// Credentials: issued, checked alone, in batches and in chains, beside two libraries of others.
enum CredentialFigures {
    static let verify = FigureID(
        "identity.verify", "1/s", "credentials read and checked by a policy, per core",
        bar: .atLeast(10_000))
    static let p99 = FigureID(
        "identity.verify.p99", "ms", "one credential alone, 99 in a hundred within",
        bar: .atMost(50))
    static let chain = FigureID(
        "identity.verify.chain3", "1/s", "chains of three delegations read and checked, per core",
        bar: .atLeast(3_000))
    static let issue = FigureID("identity.issue", "1/s", "credentials signed, per core")
    static let create = FigureID(
        "identity.create", "ms", "an identity's keys drawn and its log begun", bar: .atMost(100))
    static let cold = FigureID(
        "identity.resolve", "1/s", "documents from logs of three operations, per core")
    static let cached = FigureID(
        "identity.resolve.cached", "1/s", "documents from records at hand, per core")
    static let bytes = FigureID(
        "identity.proof.bytes", "B", "what a proof adds to a credential")

    static let benchmark = Benchmark(
        figures: [verify, p99, chain, issue, create, cold, cached, bytes], measure: measure)

    /// Credentials of a batch: what a verifier that is busy has at hand.
    private static let batch = 256

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(9, quick: 5)
        let world = try CredentialWorld()
        let peers = await bench.peers(runs: runs)
        return try await bench.compute {
            try [
                verification(world, runs, peers), latency(world), chains(world, runs),
                issuing(world, runs), creation(world), resolution(world, runs),
                resolutionAgain(world, runs), size(world),
            ]
        }
    }

    private static func verification(
        _ world: CredentialWorld, _ runs: Int, _ peers: [Measurement.Peer]
    ) throws -> Measurement {
        let texts = try (0..<batch).map { try world.credential($0).bytes }
        let verifier = world.verifier
        let together = try timed(runs: runs) {
            let read = try texts.map { try CanonicalJSON.read($0) }
            guard verifier.verify(read).allSatisfy(\.isAccepted) else { throw Self.refused }
        }
        let alone = try timed(runs: runs) {
            for text in texts {
                guard verifier.verify(try CanonicalJSON.read(text)).isAccepted else {
                    throw Self.refused
                }
            }
        }
        let meter =
            "thread CPU, batches of \(batch) with type, validity, status and authority; one at a "
            + "time \(NumberText.of(Double(batch) / alone.median)); the peers check a token and a "
            + "selective disclosure without a policy; median of \(runs)"
        return Measurement(
            figure: verify, value: Double(batch) / together.median, peers: peers, meter: meter)
    }

    private static let refused = BenchFailure("a good credential was refused")

    private static func latency(_ world: CredentialWorld) throws -> Measurement {
        let texts = try (0..<batch).map { try world.credential($0).bytes }
        var milliseconds: [Double] = []
        for text in texts + texts + texts + texts {
            let watch = Stopwatch()
            guard world.verifier.verify(try CanonicalJSON.read(text)).isAccepted else {
                throw refused
            }
            milliseconds.append(watch.wall * 1_000)
        }
        return Measurement(
            figure: p99, value: milliseconds.percentile(99),
            meter: "wall, \(milliseconds.count) alone; median "
                + NumberText.of(milliseconds.median))
    }

    private static func chains(_ world: CredentialWorld, _ runs: Int) throws -> Measurement {
        let texts = try world.delegations().map(\.bytes)
        let seconds = try timed(runs: runs) {
            for _ in 0..<batch {
                let links = try texts.map { try CanonicalJSON.read($0) }
                _ = try world.verifier.verify(delegations: links, of: world.issuer)
            }
        }
        let tail = try Self.tail { _ in
            let links = try texts.map { try CanonicalJSON.read($0) }
            _ = try world.verifier.verify(delegations: links, of: world.issuer)
        }
        return Measurement(
            figure: chain, value: Double(batch) / seconds.median,
            meter:
                "thread CPU, one chain at a time, its three signatures together; \(tail); median "
                + "of \(runs)")
    }

    private static func issuing(_ world: CredentialWorld, _ runs: Int) throws -> Measurement {
        let seconds = try timed(runs: runs) {
            for number in 0..<batch { _ = try world.credential(number).bytes }
        }
        let tail = try Self.tail { _ = try world.credential($0).bytes }
        return Measurement(
            figure: issue, value: Double(batch) / seconds.median,
            meter: "thread CPU, one at a time, written as text; \(tail); median of \(runs)")
    }

    private static func creation(_ world: CredentialWorld) throws -> Measurement {
        var milliseconds: [Double] = []
        for number in 0..<batch {
            let watch = Stopwatch()
            _ = try world.begun(number)
            milliseconds.append(watch.wall * 1_000)
        }
        return Measurement(
            figure: create, value: milliseconds.percentile(99),
            meter: "wall, p99 of \(batch), two keys, the first operation signed and checked; the "
                + "ledger's part is ledger.finality")
    }

    private static func resolution(_ world: CredentialWorld, _ runs: Int) throws -> Measurement {
        let logs = try (0..<batch).map { try world.log($0) }
        let seconds = try timed(runs: runs) {
            for log in logs {
                _ = try IdentityLog.replay(log, chain: world.chain).document(at: world.now)
            }
        }
        let tail = try Self.tail {
            _ = try IdentityLog.replay(logs[$0], chain: world.chain).document(at: world.now)
        }
        return Measurement(
            figure: cold, value: Double(batch) / seconds.median,
            meter: "thread CPU, logs in memory, their signatures checked; \(tail); median of "
                + "\(runs)")
    }

    private static func resolutionAgain(
        _ world: CredentialWorld, _ runs: Int
    ) throws -> Measurement {
        let records = try (0..<batch).map {
            try IdentityLog.replay(try world.log($0), chain: world.chain)
        }
        let seconds = timed(runs: runs) {
            for record in records { _ = record.document(at: world.now) }
        }
        let tail = Self.tail { _ = records[$0].document(at: world.now) }
        return Measurement(
            figure: cached, value: Double(batch) / seconds.median,
            meter: "thread CPU, the record checked before; \(tail); median of \(runs)")
    }

    /// What 99 in a hundred single ones cost at most, in words.
    private static func tail(_ body: (Int) throws -> Void) rethrows -> String {
        var microseconds: [Double] = []
        for number in 0..<batch {
            let watch = Stopwatch()
            try body(number)
            microseconds.append(watch.thread * 1_000_000)
        }
        return "one alone p99 \(NumberText.of(microseconds.percentile(99))) us"
    }

    private static func size(_ world: CredentialWorld) throws -> Measurement {
        let signed = try world.credential(0)
        let plain = JSON.object((signed.members ?? []).filter { $0.name != "proof" })
        let token = try CredentialToken.sign(plain, method: world.method, by: world.key)
        return Measurement(
            figure: bytes, value: Double(signed.bytes.count - plain.bytes.count),
            meter: "a credential of \(plain.bytes.count) B without it; \(token.utf8.count) B as a "
                + "token; a status list of 131,072 entries "
                + "\(world.listBytes) B")
    }
}

extension Bench {
    /// The rates of other libraries, where they are installed (scripts/setup-peers).
    func peers(runs: Int) async -> [Measurement.Peer] {
        var peers: [Measurement.Peer] = []
        for name in ["didkit", "sd-jwt"] {
            let rate = try? await compute {
                try PeerProgram.python(
                    "identity.py", [name, "\(runs)", "500"],
                    interpreter: ".deps/peers/identity/bin/python")
            }
            if let rate {
                peers.append(Measurement.Peer(name: name, value: rate))
            } else {
                say("\(name) is not installed; run scripts/setup-peers to measure beside it")
            }
        }
        return peers
    }
}
