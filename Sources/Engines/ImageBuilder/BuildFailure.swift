// SPDX-License-Identifier: Apache-2.0
public import ContainerImages

/// Why an image could not be built: the line, and what is wrong there.
public struct BuildFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line of the Dockerfile, from 1; nil when it is about none.
    public var line: Int?
    /// In words.
    public let reason: String
    /// The code of a command that ended with another than 0.
    public let code: Int64?

    /// Says what is wrong.
    public init(line: Int? = nil, _ reason: String, code: Int64? = nil) {
        self.line = line
        self.reason = reason
        self.code = code
    }

    /// What images, layers and stores refused.
    public init(line: Int? = nil, _ failure: ImageFailure) {
        self.init(line: line, failure.words)
    }

    /// The same, at a line.
    func at(_ line: Int) -> BuildFailure {
        BuildFailure(line: self.line ?? line, reason, code: code)
    }

    /// Line and reason as one sentence.
    public var description: String {
        line.map { "Dockerfile line \($0): \(reason)" } ?? reason
    }
}

/// Makes calls whose failures are the build's.
func atLine<Value>(
    _ line: Int?, _ body: () throws(ImageFailure) -> Value
) throws(BuildFailure) -> Value {
    do {
        return try body()
    } catch {
        throw BuildFailure(line: line, error)
    }
}
