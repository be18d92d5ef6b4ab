// SPDX-License-Identifier: Apache-2.0
import JSONText

extension CredentialVerifier {
    /// Checks a credential that comes as a token whose payload it is (IDENTITY-23).
    ///
    /// The report has the checks of any credential; the token's signature stands for the proof. A
    /// token of the older form is no credential of the data model 2.0, and refused as malformed:
    /// ``CredentialToken/verified(by:at:)`` reads those, without a policy.
    ///
    /// Cost: about 30 µs and a signature.
    public func verify(token text: String) -> VerificationReport {
        var report = VerificationReport()
        let token: CredentialToken
        do {
            token = try CredentialToken(text)
        } catch {
            report.add(.form, .badToken(error))
            return report
        }
        let credential: Credential
        do {
            credential = try Credential(reading: token.credential)
            report.add(.form, nil)
        } catch {
            report.add(.form, .malformed(error))
            return report
        }
        report.add(.type, Self.typeRejection(of: credential))
        report.add(.schema, schemaRejection(of: credential))
        report.add(.proof, proofRejection(of: token, from: credential.issuer))
        report.add(.validity, validityRejection(of: credential))
        report.add(.status, statusRejection(of: credential))
        report.add(.authority, authorityRejection(of: credential))
        return report
    }

    private func proofRejection(of token: CredentialToken, from issuer: String) -> Rejection? {
        guard let issuer = DID(issuer) else { return .notADID }
        guard let method = token.method else { return .badToken(.malformed("kid")) }
        guard method.did == issuer else { return .wrongSigner }
        do throws(Rejection) {
            let key = try key(named: method, for: .assertionMethod)
            do throws(TokenFailure) {
                _ = try token.verified(by: key, at: now)
                return nil
            } catch {
                switch error {
                case .badSignature: return .badSignature
                case .notYetValid: return .notYetValid
                case .expired: return .expired
                default: return .badToken(error)
                }
            }
        } catch {
            return error
        }
    }
}
