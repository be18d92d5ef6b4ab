// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Who may import what, beyond the floors that `Package.swift` checks itself.
@Suite("Imports")
struct ImportTests {
    /// Whether every replica must compute the same there: law and agreement.
    static func isDeterministic(_ file: SourceTree.File) -> Bool {
        file.path.hasPrefix("Modules/")
            || ["Consensus", "StateTree", "Ledger"].contains(file.target)
    }

    /// The only targets of the product that may speak to the C library.
    static let closeToTheSystem: Set<String> = [
        "SystemEffects", "WebAssemblyEngine", "ContainerImages", "ContainerNetworks",
        "ContainerRuntime", "Cryptography", "DeploymentHost", "VolumeSnapshots",
        "atoll", "atoll-engine", "atoll-peer", "atoll-runtime", "atoll-simulate",
    ]

    private func imports(of file: SourceTree.File) -> [(line: Int, module: String)] {
        file.code.compactMap { number, text in
            let words = text.split(separator: " ").filter { $0 != "public" && $0 != "internal" }
            guard words.first == "import", let module = words.last else { return nil }
            return (number, String(module))
        }
    }

    @Test("no product file imports Foundation")
    func foundation() {
        let found = SourceTree.product.flatMap { file in
            imports(of: file).filter {
                $0.module.hasPrefix("Foundation") || $0.module == "Dispatch"
            }
            .map { "\(file.path):\($0.line)" }
        }
        #expect(found == [])
    }

    @Test("only the rooms close to the system import Glibc")
    func glibc() {
        let found = SourceTree.product.filter { !Self.closeToTheSystem.contains($0.target) }
            .flatMap { file in
                imports(of: file).filter { $0.module == "Glibc" }.map { "\(file.path):\($0.line)" }
            }
        #expect(found == [])
    }

    @Test("modules never import each other")
    func modules() {
        let modules = Set(SourceTree.product.filter { $0.path.hasPrefix("Modules") }.map(\.target))
        #expect(modules.contains("Market"))
        let found = SourceTree.product.filter { $0.path.hasPrefix("Modules") }.flatMap { file in
            imports(of: file).filter { modules.contains($0.module) }
                .map { "\(file.path):\($0.line) imports \($0.module)" }
        }
        #expect(found == [])
    }

    @Test("law and agreement use no floating point")
    func floatingPoint() {
        let banned: Set<Substring> = ["Double", "Float", "Float16", "Float32", "Float80"]
        let found = SourceTree.product.filter(Self.isDeterministic)
            .flatMap { file in
                file.code.filter { line in
                    line.text.split { !($0.isLetter || $0.isNumber) }.contains {
                        banned.contains($0)
                    }
                }.map { "\(file.path):\($0.number)" }
            }
        #expect(found == [])
    }

    @Test("law and agreement walk dictionaries only in sorted order")
    func hashOrder() {
        let found = SourceTree.product.filter(Self.isDeterministic)
            .flatMap { file in
                file.code.filter { line in
                    let text = line.text
                    guard text.contains("for "), text.contains(" in ") else { return false }
                    return (text.contains(".keys") || text.contains(".values"))
                        && !text.contains("sorted") && !text.contains("order-free")
                }.map { "\(file.path):\($0.number)" }
            }
        #expect(found == [])
    }

    @Test("C stands in the shims and the libraries' headers only")
    func c() {
        let found = SourceTree.paths(below: "Sources") { path in
            (path.hasSuffix(".c") || path.hasSuffix(".h"))
                && !path.hasPrefix("Foundations/CShims/")
                && !path.hasPrefix("Foundations/Libraries/")
        }
        #expect(found == [])
    }
}
