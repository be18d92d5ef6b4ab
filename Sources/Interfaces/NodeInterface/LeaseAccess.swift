// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How the parties of a lease reach its provider through a node (TALK-6).
public protocol LeaseAccess: Sendable {
    /// Answers sealed questions from now on; nothing answers none.
    func answerQuestions(by answering: @escaping @Sendable ([UInt8]) async -> [UInt8]?) async

    /// Carries a sealed question to a provider, this node or another.
    ///
    /// - Throws: ``LeaseAccessFailure``
    func ask(
        _ envelope: [UInt8], of provider: PublicKey
    ) async throws(LeaseAccessFailure) -> [UInt8]
}

/// Why a question about a lease has no answer.
public enum LeaseAccessFailure: Error, Hashable, Sendable {
    /// It is longer than any.
    case tooLarge
    /// The provider cannot be reached, and why.
    case unreachable(String)
    /// The provider does not answer, and how that showed.
    case unanswered(String)
}
