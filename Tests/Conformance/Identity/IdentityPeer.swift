// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import JSONText
import Testing

@testable import Identity

/// Other implementations of identity in a process of their own, asked line by line.
enum IdentityPeer {
    /// Why a peer does not answer.
    enum Problem: Error {
        case refused(String)
        case noAnswer
    }

    private static let root = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// Where `scripts/setup-peers` puts their Python.
    private static let interpreter: URL = {
        let chosen = ProcessInfo.processInfo.environment["ATOLL_PEERS"].map {
            URL(fileURLWithPath: $0, isDirectory: true)
        }
        let folder = chosen ?? root.appendingPathComponent(".deps/peers")
        return folder.appendingPathComponent("identity/bin/python")
    }()

    static var isInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: interpreter.path)
    }

    /// Asks questions, and gives their answers in the same order.
    static func ask(_ questions: [JSON]) throws -> [JSON] {
        let process = Process()
        process.executableURL = interpreter
        process.arguments = [
            root.appendingPathComponent("Tests/Conformance/Identity/Peers/identity_peer.py").path
        ]
        process.environment = ["HOME": "/tmp", "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for question in questions {
            input.fileHandleForWriting.write(Data(question.bytes + [UInt8(ascii: "\n")]))
        }
        input.fileHandleForWriting.closeFile()
        let lines = output.fileHandleForReading.readDataToEndOfFile()
            .split(separator: UInt8(ascii: "\n"))
        process.waitUntilExit()
        guard lines.count == questions.count else { throw Problem.noAnswer }
        return try lines.map { line in
            let json = try JSON(parsing: Array(line))
            if let error = json["error"]?.text { throw Problem.refused(error) }
            guard let answer = json["answer"] else { throw Problem.noAnswer }
            return answer
        }
    }

    static func ask(_ question: JSON) throws -> JSON { try ask([question])[0] }

    /// A key as a private JSON Web Key, which no product of this house writes.
    static func secret(_ seed: [UInt8]) throws -> JSON {
        let key = try #require(SigningKey(seed: seed))
        let jwk = try #require(VerificationKey.ed25519(key.publicKey).jwk)
        return jwk.replacing("d", with: .string(Base64URL.encode(seed)))
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, and says so, where the other implementations are not installed.
    static var needsIdentityPeer: Self {
        .enabled(
            if: IdentityPeer.isInstalled,
            "didkit, sd-jwt and cryptography are not installed: run scripts/setup-peers")
    }
}

extension Moment {
    /// The peer's clock and this one are the same.
    static var now: Moment { Moment(seconds: Int64(Date().timeIntervalSince1970)) }
}
