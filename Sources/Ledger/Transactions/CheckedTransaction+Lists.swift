// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import StateTree
import Synchronization
public import Vocabulary

extension CheckedTransaction {
    /// Decodes and checks many lists of transactions at once, each as ``Payload`` encodes it
    /// (EXECUTION-10).
    ///
    /// Cost for each transaction: a signature, two hashes, no second encoding. The work is shared
    /// out by list.
    ///
    /// - Parameters:
    ///   - lists: Encoded lists, such as the batches of a cut.
    ///   - chain: The chain they are for.
    ///   - executor: Carries the lists out, at once or in any order.
    /// - Returns: For each list its transactions in order, or nothing when it does not decode
    ///   within the limits of a payload.
    public static func read(
        lists: [[UInt8]], chain: ChainID, by executor: SparseMerkleTree.Executor
    ) -> [[CheckedTransaction]?] {
        let results = Mutex([[CheckedTransaction]?](repeating: nil, count: lists.count))
        withoutActuallyEscaping(executor) { executor in
            executor(lists.count) { index in
                let read = read(list: lists[index], chain: chain)
                results.withLock { $0[index] = read }
            }
        }
        return results.withLock { $0 }
    }

    /// Decodes and checks one list of transactions; nothing when it does not decode within the
    /// limits of a payload.
    public static func read(list: [UInt8], chain: ChainID) -> [CheckedTransaction]? {
        guard list.count <= Payload.bytesMax, let found = found(in: list) else { return nil }
        var refusals = found.map { one in
            refusal { () throws(Refusal) in
                try one.signed.checkForm(chain: chain, bodyBytes: one.bodyBytes)
            }
        }
        let open = refusals.indices.filter { refusals[$0] == nil }
        let claims = open.map { index in
            SignatureClaim(
                key: found[index].signed.transaction.sender,
                signature: found[index].signed.signature, message: found[index].text)
        }
        for (index, isSigned) in zip(open, Ed25519Verifier.verify(claims)) where !isSigned {
            refusals[index] = SignedTransaction.badSignature
        }
        return zip(found, refusals).map { one, refusal in
            CheckedTransaction(one, chain: chain, refusal: refusal)
        }
    }

    private static func found(in list: [UInt8]) -> [TransactionScanner.Found]? {
        list.withUnsafeBytes { bytes in
            var scanner = TransactionScanner(bytes)
            guard let count = scanner.count(limit: Payload.transactionsMax) else { return nil }
            var found: [TransactionScanner.Found] = []
            found.reserveCapacity(min(count, scanner.remaining))
            for _ in 0..<count {
                guard let one = scanner.next() else { return nil }
                found.append(one)
            }
            return scanner.remaining == 0 ? found : nil
        }
    }
}
