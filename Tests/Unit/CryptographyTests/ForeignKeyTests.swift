// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

/// Keys and signatures made by another library (pyca/cryptography over OpenSSL).
private enum ForeignVectors {
    static let message = Array("a word to a stranger".utf8)
    static let rsaKey =
        "30820122300d06092a864886f70d01010105000382010f003082010a0282010100bbb30f"
        + "16e4b5368971a7960f7c4c3ffd79f0abd52140eae03ff6b9941d6970533b9cda7e4e337f"
        + "1b5261af6e93a6c0d6afcd5dedb24ff0e07bdb7eec3748151117c936d1d386601b0a17b1"
        + "62fc5086e7cfa6b6766f0187e1cde65091af420f32f043725178ef919ec8aae59132a337"
        + "de790788b3500b5c2a68a8f85323faca51746df683e8edbc025a3dd1dda8c72abdbfe6ad"
        + "928c055bf1c6be156b009de971756083df407102ac10555bf22bc85eace9f0aa8e6769cc"
        + "222084bcd4c3fb1a0d9ce77b8a4587a9811894331dd0c7889aad44bb9efe7b357080df26"
        + "d367771be86fc0f19d1cdc68b3f32f528e0b66107cb0549c8759e3918656b0fa6fa5ab66"
        + "530203010001"
    static let rsaSignature =
        "47de36698a0deb7af9af7785d3abbf4df008a380eda9c48008aa66f8e613543591028fd8"
        + "88061d5770ff1b76cae38550735c22e73aef99ab507d04c128b4d6aeb29ba99e843d3512"
        + "e16c516b9f367aa169cbec6feb2199bbe119313fb45146b71cee15ef1bc67b51a9e23aa0"
        + "3dafd5eb00425dcd222db13dd106c37aa463e09c1141e5a581c648f98618751b6b1dc9ce"
        + "fde9bdae314db2228b93e9fcff5c93b9750f13fe5a03a7a5a37584f8384a780082af2f78"
        + "c3a1b9d196f41db0b6195e3fe22b33a80037997758ac156b2368cf50cc8c79eba8187aee"
        + "b6e998cd98af9ce56f295229a728ce8b92eec310f6786faca6b015b6d77c3523eb765d26"
        + "8f30cc1b"
    static let shortRSAKey =
        "30819f300d06092a864886f70d010101050003818d0030818902818100d006c63b734a72"
        + "49c64c51cfb7c084c82b29c9c9dd9d1552ab056f1a497da57c094338d24791b6cd0a0d24"
        + "51a64af90dd2ebebef285ea1bc309b934c13e2ca94891725b9c6389456e341dbf64612ba"
        + "04410b87d54b3b5685e0befb7d4e3f55d2b96fc4d4dc6f5ae364b978167be4f0b881887a"
        + "a8b22fad5e4e61797223b25e7d0203010001"
    static let shortRSASignature =
        "a7f47043c11ea133399d371f43cc24d8cca69cf4da9f4fbdda59c84622d3d46ba6f3ecd5"
        + "0ca4d7994a1ddf8c66411c625dbb359c53e79514c8690fee904912c115ade5c75bcb6e98"
        + "2f5b099e711d79e815b7a8b8875af96d352f5dc143986a52d505185c74971fc15e1423e2"
        + "d5e41ca0e596bd601dc424282161adde7d9e86e3"
    static let ecdsaKey =
        "3059301306072a8648ce3d020106082a8648ce3d0301070342000474e740c275822d37d0"
        + "09d74d6615758c5c0a90a29baf65c98de14360b6efa776010af2f4d99daf75ca03a4f8e8"
        + "5dfa08ba8a7181ccd388704ea32e7438f581f2"
    static let ecdsaSignature =
        "3045022100b5d2ae25c9b8938676b1bb7a01b2d066ce57dcd796e96d78982d7466306a36"
        + "bc022040484bf35c4aaea250b7f7fe8db5ee78ec0f4279024dc8d03b32439baf9ddf4c"
    static let secp256k1Key =
        "028d1e1fc3f8462563255268c78e77aec9bfa22750641b0c33febef478e69c02a5"
    static let secp256k1Signature =
        "304402203f0b36855ff9759947dc10f1aaf3a94192d2033419f823a6963ba7a7233eea13"
        + "02205af728565b131c9e1f2006d80bb00008d98aeb63eb644cac76f628d853f64f38"
}

@Suite("Signatures of other kinds of key")
struct ForeignKeyTests {
    private func pairs() throws -> [(key: ForeignKey, signature: [UInt8])] {
        [
            (
                .rsa(subjectPublicKeyInfo: try bytes(ForeignVectors.rsaKey)),
                try bytes(ForeignVectors.rsaSignature)
            ),
            (
                .ecdsa(subjectPublicKeyInfo: try bytes(ForeignVectors.ecdsaKey)),
                try bytes(ForeignVectors.ecdsaSignature)
            ),
            (
                .secp256k1(point: try bytes(ForeignVectors.secp256k1Key)),
                try bytes(ForeignVectors.secp256k1Signature)
            ),
        ]
    }

    @Test("each kind accepts its own signature and no changed one")
    func verdicts() throws {
        for (key, signature) in try pairs() {
            #expect(key.isWellFormed)
            #expect(key.accepts(signature, over: ForeignVectors.message))
            #expect(!key.accepts(signature, over: ForeignVectors.message + [0]))
            #expect(!key.accepts([], over: ForeignVectors.message))
            for index in stride(from: 0, to: signature.count, by: 7) {
                var forged = signature
                forged[index] ^= 1
                #expect(!key.accepts(forged, over: ForeignVectors.message))
            }
        }
    }

    @Test("a key is read as its own kind only, whole, and of a length that is believed")
    func kinds() throws {
        let rsa = try bytes(ForeignVectors.rsaKey)
        let ecdsa = try bytes(ForeignVectors.ecdsaKey)
        #expect(!ForeignKey.ecdsa(subjectPublicKeyInfo: rsa).isWellFormed)
        #expect(!ForeignKey.rsa(subjectPublicKeyInfo: ecdsa).isWellFormed)
        #expect(!ForeignKey.rsa(subjectPublicKeyInfo: rsa + [0]).isWellFormed)
        #expect(!ForeignKey.rsa(subjectPublicKeyInfo: []).isWellFormed)
        #expect(!ForeignKey.secp256k1(point: []).isWellFormed)
        let short = ForeignKey.rsa(subjectPublicKeyInfo: try bytes(ForeignVectors.shortRSAKey))
        #expect(!short.isWellFormed)
        let signature = try bytes(ForeignVectors.shortRSASignature)
        #expect(!short.accepts(signature, over: ForeignVectors.message))
    }

    @Test("changed bytes of a key never trap")
    func mutations() throws {
        var numbers = SeededNumbers(seed: 4)
        let rsa = try bytes(ForeignVectors.rsaKey)
        for _ in 0..<200 {
            var changed = rsa
            for _ in 0..<3 {
                changed[Int.random(in: 0..<changed.count, using: &numbers)] =
                    UInt8.random(in: 0...255, using: &numbers)
            }
            let key = ForeignKey.rsa(subjectPublicKeyInfo: changed)
            #expect(!key.accepts([1, 2, 3], over: ForeignVectors.message))
        }
    }
}
