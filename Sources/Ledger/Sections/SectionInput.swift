// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// What section 1 reads: the cut, the law's figures, and the state at the start of the cut.
struct SectionInput: Sendable {
    let block: BlockContext
    /// Who receives the fees.
    let receiver: AccountID
    let transactions: [CheckedTransaction]
    let rules: AdmissionRules
    let book: any AccountBook
    let modules: [any LedgerModule]
    let layers: LayeredStore
    let outcomes: OutcomeIndex

    /// What is known of a transaction from earlier blocks.
    func knownOutcome(of hash: Digest) -> TransactionOutcome? { outcomes.find(hash, in: layers) }
}

/// The state as it was at the start of the cut, for several threads at once.
struct CutStart: StateReader, Sendable {
    let layers: LayeredStore

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        layers.peek(StoreLayout.state(module, key)) { $0.map(Array.init) }
    }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        preconditionFailure("section 1 scans nothing")
    }
}

/// Builds the store's keys of nonces and balances in one run of bytes that is used again.
struct AccountKeys {
    private(set) var nonce: [UInt8]
    private(set) var balance: [UInt8]

    /// Kind, module and the module's own kind come first, then the account, then the asset.
    static let accountStart = 3
    static let nonceBytes = accountStart + Bytes32.count
    static let balanceBytes = nonceBytes + 8

    init(_ layout: AccountLayout) {
        nonce = [StoreLayout.state, layout.module.value, layout.nonceKind]
        balance = [StoreLayout.state, layout.module.value, layout.balanceKind]
        nonce += [UInt8](repeating: 0, count: Self.nonceBytes - nonce.count)
        balance += [UInt8](repeating: 0, count: Self.balanceBytes - balance.count)
    }

    mutating func setNonce(_ account: AccountID) {
        nonce.withUnsafeMutableBytes { $0.store(account.raw, at: Self.accountStart) }
    }

    mutating func setBalance(_ account: AccountID, _ asset: AssetID) {
        balance.withUnsafeMutableBytes { bytes in
            bytes.store(account.raw, at: Self.accountStart)
            bytes.storeBytes(
                of: asset.value.bigEndian, toByteOffset: Self.nonceBytes, as: UInt64.self)
        }
    }
}
