// SPDX-License-Identifier: Apache-2.0
import ContainerImages

/// The folder a build may copy from, and its Dockerfile (BUILDER-5).
public struct BuildContext: Sendable {
    /// The name of the Dockerfile when nobody says otherwise.
    public static let usualName = "Dockerfile"

    let tree: FileTree
    let patterns: IgnorePatterns
    /// The Dockerfile's bytes.
    let dockerfile: [UInt8]

    /// Reads the Dockerfile and `.dockerignore` of a folder. Calls block.
    ///
    /// - Parameters:
    ///   - root: The folder.
    ///   - name: The Dockerfile's path in it.
    /// - Throws: ``BuildFailure``.
    public init(
        _ root: String, dockerfile name: String = BuildContext.usualName
    ) throws(BuildFailure) {
        let tree = FileTree(root)
        do throws(ImageFailure) {
            dockerfile = try tree.read(name, bytesMax: Dockerfile.bytesMax)
        } catch ImageFailure.notFound {
            throw BuildFailure("there is no '\(name)' in the build's folder")
        } catch {
            throw BuildFailure(error)
        }
        var ignored: [UInt8] = []
        do throws(ImageFailure) {
            ignored = try tree.read(IgnorePatterns.name, bytesMax: IgnorePatterns.bytesMax)
        } catch ImageFailure.notFound {
            ignored = []
        } catch {
            throw BuildFailure(error)
        }
        patterns = try IgnorePatterns(ignored)
        self.tree = tree
    }

    /// What is passed over when files of the context are copied.
    var isIgnored: (@Sendable ([UInt8]) -> Bool)? {
        let patterns = patterns
        guard !patterns.isEmpty else { return nil }
        return { path in patterns.ignores(path) }
    }
}
