// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import Market
import NodeInterface
import Receipts
import Synchronization
import Testing
import Vocabulary

@testable import ClientKit

@Suite("A job from its upload to its checked receipt")
struct JobTests {
    private static var request: JobRequest {
        var request = JobRequest(module: .bytes([0, 0x61, 0x73, 0x6D]))
        request.arguments = ["-n", "3"]
        request.standardInput = .bytes(Array("in".utf8))
        request.files = [
            JobRequest.InputFile(path: "b/c.txt", content: .bytes([2])),
            JobRequest.InputFile(path: "a.txt", content: .bytes([1])),
        ]
        return request
    }

    private static func run(
        _ cloud: ScriptedCloud, _ request: JobRequest = request,
        tell: @escaping JobSession.Listener = { _ in }
    ) async throws -> Result<JobReport, ClientFailure> {
        try await ClientWorld().serve(cloud.router) { client in
            let session = JobSession(
                client: client, genesis: try Samples.genesis, key: Samples.client)
            do throws(ClientFailure) {
                return .success(try await session.run(request, tell: tell))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test("the report says who, what, how long and how much, and every check holds")
    func report() async throws {
        let report = try await Self.run(try ScriptedCloud()).get()
        #expect(report.isProven)
        #expect(report.checks.map(\.name).last == "order")
        #expect(report.standardOutput == Array("hello\n".utf8))
        #expect(report.standardError == [7])
        #expect(report.opened.balanceBefore == Amount(1_000))
        #expect(report.balanceAfter == Amount(800))
        #expect(report.opened.sent.outcome.fee == Amount(528))
        #expect(report.receipt.receipt.cost == Amount(204))
        #expect(report.client == AccountID(of: Samples.client.publicKey))
    }

    @Test("the steps are told in their order")
    func progress() async throws {
        let steps = Mutex<[String]>([])
        _ = try await Self.run(try ScriptedCloud()) { step in
            let name = "\(step)".prefix { $0 != "(" }
            steps.withLock { $0.append(String(name)) }
        }
        let told = [
            "uploaded", "ordering", "opened", "bid", "leased", "committed", "revealed", "ended",
        ]
        let seen = steps.withLock { $0 }
        #expect(seen == told)
    }

    @Test("the order names the uploaded program and a manifest of the input, files sorted")
    func manifest() async throws {
        let cloud = try ScriptedCloud()
        _ = try await Self.run(cloud).get()
        let (terms, blobs) = cloud.state.withLock { ($0.terms, $0.blobs) }
        let order = try #require(terms)
        #expect(blobs[order.moduleDigest] == [0, 0x61, 0x73, 0x6D])
        let manifest = try JobInput(canonicalBytes: try #require(blobs[order.inputDigest]))
        #expect(manifest.files.map(\.path) == ["a.txt", "b/c.txt"])
        #expect(manifest.standardInput?.digest == SHA256.hash(Array("in".utf8)))
        #expect(manifest.blobs.allSatisfy { blobs[$0.digest] != nil })
        #expect(order.arguments == ["-n", "3"])
        #expect(order.maxCost == Amount(206))
        #expect(order.deadline == Timestamp(1_700_000_060_040))
        #expect(order.limits.wallMilliseconds == 15_000)
    }

    @Test("without any event the end is found by looking")
    func polling() async throws {
        let ended = Mutex(false)
        let report = try await Self.run(try ScriptedCloud(.noEvents)) { step in
            if case .ended = step { ended.withLock { $0 = true } }
        }.get()
        #expect(report.isProven)
        let wasTold = ended.withLock { $0 }
        #expect(wasTold)
    }

    @Test("an order that expires gives a report without output, and the receipt proves that")
    func expired() async throws {
        let report = try await Self.run(try ScriptedCloud(.expires)).get()
        #expect(report.view.result == nil)
        #expect(report.standardOutput == nil)
        #expect(report.isProven)
    }

    @Test("output that was not settled is never given")
    func wrongOutput() async throws {
        guard case .failure(.badAnswer) = try await Self.run(try ScriptedCloud(.wrongOutput)) else {
            Issue.record("it was given")
            return
        }
    }

    @Test("a sound receipt of another job proves nothing of this one")
    func otherReceipt() async throws {
        let report = try await Self.run(try ScriptedCloud(.otherReceipt)).get()
        #expect(!report.isProven)
        #expect(report.checks.filter { !$0.holds }.map(\.name) == ["order"])
    }

    @Test("a most cost at which nobody would bid is refused before anything is uploaded")
    func costTooLow() async throws {
        let cloud = try ScriptedCloud()
        var request = Self.request
        request.maxCost = Amount(201)
        guard case .failure(.invalid) = try await Self.run(cloud, request) else {
            Issue.record("it was ordered")
            return
        }
        #expect(cloud.state.withLock { $0.blobs.isEmpty })
    }

    @Test("requests beyond a job's limits are refused before anything is sent")
    func limits() async throws {
        var tooMany = Self.request
        tooMany.replicas = 6
        var tooLong = Self.request
        tooLong.arguments = [String(repeating: "x", count: 2_049)]
        var nul = Self.request
        nul.arguments = ["a\0b"]
        var upwards = Self.request
        upwards.files = [JobRequest.InputFile(path: "../x", content: .bytes([]))]
        for request in [tooMany, tooLong, nul, upwards] {
            let cloud = try ScriptedCloud()
            guard case .failure(.invalid) = try await Self.run(cloud, request) else {
                Issue.record("\(request.arguments) was ordered")
                return
            }
            #expect(cloud.state.withLock { $0.job == nil })
        }
    }

    @Test("a file of the disk that is not there is named, and nothing is ordered")
    func missingFile() async throws {
        let cloud = try ScriptedCloud()
        var request = Self.request
        request.files = [JobRequest.InputFile(path: "x", content: .path("no/such"))]
        guard case .failure(.unreadable(let words)) = try await Self.run(cloud, request) else {
            Issue.record("it was ordered")
            return
        }
        #expect(words.contains("/no/such"))
        #expect(cloud.state.withLock { $0.job == nil })
    }

    @Test("a file larger than any input is refused by its size, without being read")
    func hugeFile() async throws {
        struct Huge: FileReader {
            var count: UInt64 { JobInput.bytesMax + 1 }
            func read(at offset: UInt64, count: Int) async throws(DiskFailure) -> [UInt8] {
                throw .notFound(path: "it was read")
            }
            func close() async {}
        }
        let cloud = try ScriptedCloud()
        var request = Self.request
        request.files = [JobRequest.InputFile(path: "x", content: .file(Huge()))]
        guard case .failure(.invalid) = try await Self.run(cloud, request) else {
            Issue.record("it was taken")
            return
        }
    }
}
