// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// Whom this home trusts: `HOME/trust.json`, or the file that is named.
struct TrustFile {
    let path: String
    let shell: Shell

    static let option = OptionSpec(
        name: "policy", value: "FILE", help: "whom to trust; default HOME/trust.json")
    /// The most bytes: some thousand issuers.
    static let bytesMax = 1 << 18

    init(_ invocation: Invocation, _ shell: Shell) {
        path =
            invocation.value(Self.option.name) ?? "\(HomeFolder.path(of: invocation))/trust.json"
        self.shell = shell
    }

    /// The policy; nobody is trusted where there is no file.
    func read() async throws -> TrustPolicy {
        guard await shell.exists(path) else { return TrustPolicy(issuers: [:]) }
        let bytes = try await shell.read(path, limit: Self.bytesMax)
        do {
            return try TrustPolicy(reading: JSON(parsing: bytes))
        } catch {
            throw CommandFailure(
                status: .misused, what: "\(path) is no policy: \(error)", next: "correct the file")
        }
    }

    func keep(_ policy: TrustPolicy) async throws {
        try await shell.write(path, Array((policy.json.pretty + "\n").utf8))
    }
}
