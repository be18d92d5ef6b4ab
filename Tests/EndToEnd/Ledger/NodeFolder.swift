// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Vocabulary

/// The files of a stopped node of a cloud, in a stranger's hands.
struct NodeFolder {
    let cloud: RealCloud
    let name: String

    var path: String { "\(cloud.home)/local/nodes/\(name)" }
    var genesis: String { "\(cloud.home)/local/genesis.json" }

    /// The newest segment of a log.
    func segment(of log: String) throws -> String {
        let folder = "\(path)/data/\(log)"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        guard let newest = names.filter({ $0.hasSuffix(".log") }).max() else {
            throw HarnessFailure("\(folder) has no segment")
        }
        return "\(folder)/\(newest)"
    }

    var state: String { "\(path)/data/state/data" }

    func bytes(_ file: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw HarnessFailure("\(file) cannot be read")
        }
        return Array(bytes)
    }

    /// Changes a file's bytes.
    func change(_ file: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try bytes(file)
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/data")) ?? []).sorted()
    }

    /// Runs a ledger command on the folder.
    func ledger(_ verb: String, _ words: [String] = []) async throws -> Ending {
        try await Program.run(
            Checkout.binary, ["ledger", verb, path] + words + ["--genesis", genesis],
            environment: ["ATOLL_HOME": cloud.home])
    }

    /// Starts the node and waits for its end, for a node that is expected to refuse.
    func startInVain() async throws -> Ending {
        try await Program.run(
            Checkout.binary, ["node", "start", path, "--genesis", genesis], limitSeconds: 20)
    }
}
