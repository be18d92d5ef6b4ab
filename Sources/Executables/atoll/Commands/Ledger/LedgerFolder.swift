// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import NodeAssembly
import SystemEffects
import Vocabulary

/// The folder of a stopped node, as the ledger commands take it.
struct LedgerFolder {
    /// The node's folder, absolute.
    let path: String
    private let invocation: Invocation
    private let shell: Shell

    static let argument = ArgumentSpec(
        name: "folder", help: "a stopped node's folder, or its name in the local cloud")
    static let genesisOption = OptionSpec(
        name: "genesis", value: "FILE",
        help: "the chain you trust; default FOLDER/genesis.json, then the home's")

    /// A folder as typed; a name that no folder has may be that of a node of the local cloud.
    init(_ named: String, _ invocation: Invocation, _ shell: Shell) async {
        self.invocation = invocation
        self.shell = shell
        let typed = Surroundings.absolute(named)
        let cloud = ClientSettings(invocation, shell).cloud.nodePath(named)
        let isName = !named.isEmpty && !named.contains("/")
        let isTyped = await shell.exists(typed)
        let isInCloud = isName ? await shell.exists("\(cloud)/node.json") : false
        path = !isTyped && isInCloud ? cloud : typed
    }

    /// Where its logs and its state lie.
    var data: String { "\(path)/data" }
    /// The same, below the root of the disk.
    var innerData: String { Shell.inner(data) }
    /// The log of its final blocks, below the root of the disk.
    var innerBlocks: String { "\(innerData)/blocks" }

    /// The chain that is trusted; the folder's own genesis before that of the home.
    func genesis() async throws -> Genesis {
        let own = "\(path)/genesis.json"
        if invocation.value("genesis") == nil, await shell.exists(own) {
            return try await NodeStart.readGenesis(own, shell)
        }
        return try await ClientSettings(invocation, shell).genesis()
    }

    /// Opens the block log of a node that does not run, to be looked at.
    func inspect() async throws -> any LogInspection {
        do {
            return try await shell.effects.disk.inspectLog(innerBlocks)
        } catch {
            throw failure(.disk(error))
        }
    }

    /// Opens the log of how epochs ended; nothing when there is none to look at.
    func inspectEpochs() async -> (any LogInspection)? {
        try? await shell.effects.disk.inspectLog("\(innerData)/epochs")
    }

    /// The key of the node, which needs no passphrase.
    func publicKey() async throws -> PublicKey {
        try await KeyFolder(home: path, shell: shell).read("\(path)/node.key").publicKey
    }

    /// Why the stored blocks could not be gone through, in words.
    func failure(_ failure: ArchiveFailure) -> CommandFailure {
        switch failure {
        case .fault(let fault):
            CommandFailure(status: .refused, what: Self.words(of: fault))
        case .disk(.busy):
            CommandFailure(
                status: .refused, what: "a node runs from \(path)",
                kept: "nothing was changed", next: "stop it first; atoll down stops a local cloud")
        case .disk(.notFound):
            CommandFailure(
                status: .misused, what: "\(path) holds no blocks of a node",
                next: "name the folder that 'atoll node start' runs from")
        case .disk(let failure): .disk(failure, path: path)
        case .validators(let error):
            CommandFailure(
                status: .misused, what: "the genesis names no valid validators: \(error)",
                next: "name another with --genesis FILE")
        case .notAnArchive:
            CommandFailure(status: .refused, what: "the file is no archive of a chain")
        case .damaged(let offset, let reason):
            CommandFailure(
                status: .refused, what: "the archive is damaged at byte \(offset): \(reason)")
        case .otherGenesis(let chain):
            CommandFailure(
                status: .refused, what: "the blocks are of chain \(chain), which is not trusted",
                kept: "nothing was changed",
                next: "name that chain's genesis with --genesis FILE, if you trust it")
        case .notEmpty(let blocks):
            CommandFailure(
                status: .refused, what: "\(path) holds \(QuantityText.grouped(blocks)) blocks",
                kept: "they are unchanged", next: "import into a node without blocks")
        case .state(let reason):
            CommandFailure(status: .refused, what: "the blocks cannot be executed: \(reason)")
        }
    }

    /// Which blocks of a pruned log could not be held against the validators of their epochs.
    static func unjudged(
        _ first: BlockHeight, _ judged: BlockHeight, _ last: BlockHeight
    ) -> String {
        let from = max(first, judged.advanced(by: 1))
        return "blocks \(from) to \(last): who decided their epochs is not known here"
    }

    /// A fault in words, with files as people name them.
    static func words(of fault: ChainFault) -> String {
        switch fault {
        case .damaged(let height, let flaw):
            "block \(height) is not whole: /\(flaw.path) \(flaw.reason)"
        case .missing(let height):
            "blocks 1 to \(height) are not here: this node keeps blocks from "
                + "\(height.advanced(by: 1)) on; a node that keeps all (archive) has them"
        default: "\(fault)"
        }
    }
}
