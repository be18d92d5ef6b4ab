// SPDX-License-Identifier: Apache-2.0
import CNftables
import Glibc
import Synchronization

/// The kernel's nftables, by the library that the command `nft` stands on.
///
/// Source: `man 3 libnftables`.
public enum RuleTable {
    /// The library has state of its own that is not of one caller: one call at a time.
    private static let turn = Mutex(())

    private static let netlink: Int32 = 16
    private static let netfilter: Int32 = 12
    /// The most bytes of a refusal that are told.
    private static let wordsMax = 512

    /// Carries out a transaction, wholly or not at all, in the calling thread's namespace.
    ///
    /// - Throws: ``WiringFailure/rules(_:)`` in the library's words.
    /// - Complexity: Some milliseconds, growing with the text and with the rules of the machine.
    public static func apply(_ text: String) throws(WiringFailure) {
        // The library ends the whole program when there is no such socket.
        let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let probe = socket(netlink, type, netfilter)
        guard probe >= 0 else { throw .rules("the kernel has no nftables") }
        close(probe)
        let words = turn.withLock { _ -> String? in
            guard let context = nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else {
                return "the library has no memory"
            }
            defer { nft_ctx_free(context) }
            nft_ctx_buffer_error(context)
            nft_ctx_buffer_output(context)
            guard nft_run_cmd_from_buffer(context, text) != 0 else { return nil }
            let said = nft_ctx_get_error_buffer(context).map { String(cString: $0) } ?? ""
            return said.isEmpty ? "no reason is given" : said
        }
        if let words {
            let line = words.split(separator: "\n").first.map(String.init) ?? words
            throw .rules(String(line.prefix(wordsMax)))
        }
    }
}
