// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A point of edwards25519, -x² + y² = 1 + d x² y², in extended coordinates:
/// x = X/Z, y = Y/Z, x y = T/Z (RFC 8032 §5.1.4).
struct EdwardsPoint {
    let x: FieldElement
    let y: FieldElement
    let z: FieldElement
    let t: FieldElement

    static let identity = EdwardsPoint(x: .zero, y: .one, z: .one, t: .zero)

    /// The base point B: y = 4/5, x even.
    static let base: EdwardsPoint = {
        // 4/5 modulo p is 0x6666…6658.
        let sixes: UInt64 = 0x6666_6666_6666_6666
        let y = FieldElement(words: [sixes - 14, sixes, sixes, sixes])
        guard let point = EdwardsPoint(y: y, isOdd: false) else {
            preconditionFailure("the base point is on the curve")
        }
        return point
    }()

    /// The curve's d = -121665/121666 modulo p (RFC 8032 §5.1).
    private static let d = FieldElement(words: [
        0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898,
        0x5203_6cee_2b6f_fe73,
    ])
    fileprivate static let twiceD = d + d

    fileprivate init(x: FieldElement, y: FieldElement, z: FieldElement, t: FieldElement) {
        self.x = x
        self.y = y
        self.z = z
        self.t = t
    }

    /// Reads a point as CRYPTO-3 says: y modulo p, and either sign for x = 0.
    ///
    /// RFC 8032 §5.1.3 without its two refusals (y ≥ p in step 1, x = 0 with sign 1 in step 4).
    ///
    /// - Returns: Nothing when no point has this y.
    init?(encoding bytes: Bytes32) {
        let words = bytes.littleEndianWords
        self.init(y: FieldElement(words: words), isOdd: words[3] >> 63 == 1)
    }

    // The point with this y and an x of this parity, where zero counts as both.
    private init?(y: FieldElement, isOdd: Bool) {
        let ySquared = y.squared
        guard let root = FieldElement.root(of: ySquared - .one, over: Self.d * ySquared + .one)
        else { return nil }
        let x = root.isOdd == isOdd ? root : -root
        self.init(x: x, y: y, z: .one, t: x * y)
    }

    /// Whether this is the neutral element (0, 1).
    var isIdentity: Bool { x.isZero && y.isEqual(to: z) }

    static prefix func - (point: EdwardsPoint) -> EdwardsPoint {
        EdwardsPoint(x: -point.x, y: point.y, z: point.z, t: -point.t)
    }

    /// Twice this (RFC 8032 §5.1.4).
    var doubled: EdwardsPoint { ProjectivePoint(self).doubled.extended }

    /// The sum; complete, so that it holds for every two points of the curve.
    func adding(_ other: PreparedPoint) -> EdwardsPoint { completed(adding: other).extended }

    /// The sum before the products that bring it back to extended coordinates.
    func completed(adding other: PreparedPoint) -> CompletedPoint {
        let difference = (y - x) * other.difference
        let sum = (y + x) * other.sum
        let product = t * other.scaledT
        let twiceZ = z * other.twiceZ
        return CompletedPoint(
            x: sum - difference, y: sum + difference, z: twiceZ + product, t: twiceZ - product)
    }
}

/// A point without T, enough to double it.
struct ProjectivePoint {
    let x: FieldElement
    let y: FieldElement
    let z: FieldElement

    init(_ point: EdwardsPoint) {
        x = point.x
        y = point.y
        z = point.z
    }

    fileprivate init(x: FieldElement, y: FieldElement, z: FieldElement) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// Twice this, by four squares.
    var doubled: CompletedPoint {
        let xSquared = x.squared
        let ySquared = y.squared
        let zSquared = z.squared
        let sum = ySquared + xSquared
        let difference = ySquared - xSquared
        return CompletedPoint(
            x: (x + y).squared - sum, y: sum, z: difference, t: zSquared + zSquared - difference)
    }
}

/// The result of one step as two ratios: x = X/Z, y = Y/T.
struct CompletedPoint {
    fileprivate let x: FieldElement
    fileprivate let y: FieldElement
    fileprivate let z: FieldElement
    fileprivate let t: FieldElement

    /// With T, ready to be added to: four products.
    var extended: EdwardsPoint { EdwardsPoint(x: x * t, y: y * z, z: z * t, t: x * y) }

    /// Without T, ready to be doubled: three products.
    var projective: ProjectivePoint { ProjectivePoint(x: x * t, y: y * z, z: z * t) }
}

/// A point in the form that is cheapest to add: Y + X, Y - X, 2Z, 2dT.
struct PreparedPoint {
    fileprivate let sum: FieldElement
    fileprivate let difference: FieldElement
    fileprivate let twiceZ: FieldElement
    fileprivate let scaledT: FieldElement

    init(_ point: EdwardsPoint) {
        sum = point.y + point.x
        difference = point.y - point.x
        twiceZ = point.z + point.z
        scaledT = point.t * EdwardsPoint.twiceD
    }

    private init(
        sum: FieldElement, difference: FieldElement, twiceZ: FieldElement, scaledT: FieldElement
    ) {
        self.sum = sum
        self.difference = difference
        self.twiceZ = twiceZ
        self.scaledT = scaledT
    }

    static prefix func - (point: PreparedPoint) -> PreparedPoint {
        PreparedPoint(
            sum: point.difference, difference: point.sum, twiceZ: point.twiceZ,
            scaledT: -point.scaledT)
    }
}

extension Bytes32 {
    /// The bytes as four words, the lowest first.
    var littleEndianWords: [UInt64] {
        withUnsafeBytes { bytes in
            (0..<4).map {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
        }
    }
}
