// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Reads signed transactions one after another from the bytes they came in (EXECUTION-10).
///
/// It accepts exactly what ``SignedTransaction`` reads. As canonical bytes are the one encoding of
/// their value, the bytes that were read are those that were signed: nothing is encoded again.
struct TransactionScanner {
    /// One transaction as it was found.
    struct Found {
        let signed: SignedTransaction
        /// The signed text: the domain, a zero byte, the transaction's canonical bytes.
        let text: [UInt8]
        /// How many canonical bytes the transaction without its signature has.
        let bodyBytes: Int
    }

    private static let domain = Array(Transaction.domain.utf8) + [0]
    /// Chain, sender, nonce, feeMax, validUntil.
    private static let headBytes = 32 + 32 + 8 + 16 + 8

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    /// Reads the length of a list, or nothing.
    mutating func count(limit: Int) -> Int? { length(limit: limit) }

    /// Reads the next transaction, or nothing when the bytes are not one.
    mutating func next() -> Found? {
        let start = position
        guard remaining >= Self.headBytes else { return nil }
        let chain = ChainID(bytes32())
        let sender = PublicKey(bytes32())
        let nonce = number(UInt64.self)
        let feeMax = Amount(number(UInt128.self))
        let validUntil = BlockHeight(number(UInt64.self))
        guard let messages = messages() else { return nil }
        let body = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        guard remaining >= SignedTransaction.signatureBytes else { return nil }
        let signature = Signature(point: bytes32(), scalar: bytes32())
        let transaction = Transaction(
            chain: chain, sender: sender, nonce: nonce, feeMax: feeMax, validUntil: validUntil,
            messages: messages)
        let text = [UInt8](unsafeUninitializedCapacity: Self.domain.count + body.count) {
            out, count in
            let raw = UnsafeMutableRawBufferPointer(out)
            raw.copyBytes(from: Self.domain)
            UnsafeMutableRawBufferPointer(rebasing: raw[Self.domain.count...]).copyMemory(
                from: body)
            count = Self.domain.count + body.count
        }
        return Found(
            signed: SignedTransaction(transaction: transaction, signature: signature), text: text,
            bodyBytes: body.count)
    }

    private mutating func messages() -> [Message]? {
        guard let count = length(limit: Transaction.messagesMax) else { return nil }
        var messages: [Message] = []
        messages.reserveCapacity(min(count, remaining))
        for _ in 0..<count {
            guard remaining > 0 else { return nil }
            let module = ModuleID(bytes[position])
            position += 1
            guard let length = length(limit: SignedTransaction.bytesMax), length <= remaining
            else { return nil }
            messages.append(
                Message(module: module, payload: Array(bytes[position..<position + length])))
            position += length
        }
        return messages
    }

    /// Reads a ULEB128 length in its shortest form.
    private mutating func length(limit: Int) -> Int? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            guard remaining > 0 else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            guard byte & 0x80 == 0 else { continue }
            guard byte != 0 || shift == 0, value <= UInt64(limit) else { return nil }
            return Int(value)
        }
        return nil
    }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
        defer { position += MemoryLayout<Number>.size }
        return Number(
            littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }

    private mutating func bytes32() -> Bytes32 {
        defer { position += Bytes32.count }
        return bytes.bytes32(at: position)
    }
}
