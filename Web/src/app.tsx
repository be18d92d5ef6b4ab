// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { Link, usePlace } from "./data/router";
import { AccountPage } from "./pages/account";
import { BlockPage, BlocksPage } from "./pages/blocks";
import { IdentityPage } from "./pages/identity";
import { JobPage } from "./pages/job";
import { JobsPage } from "./pages/jobs";
import { NetworkPage } from "./pages/network";
import { NewJobPage } from "./pages/newJob";
import { NewProposalPage } from "./pages/newProposal";
import { OperationsPage } from "./pages/operations";
import { OverviewPage } from "./pages/overview";
import { ProposalPage } from "./pages/proposal";
import { ProposalsPage } from "./pages/proposals";
import { ProviderPage, ProvidersPage } from "./pages/providers";
import { TransactionPage } from "./pages/transaction";
import { TreasuryPage } from "./pages/treasury";
import { ValidatorPage, ValidatorsPage } from "./pages/validators";
import { WalletPage } from "./pages/wallet";
import { Empty, Failure, Heading } from "./parts/basics";
import { Shell } from "./parts/shell";

/** The page of an address. */
function page(first: string | undefined, second: string | undefined): JSX.Element {
  switch (first) {
    case undefined: return <OverviewPage />;
    case "jobs":
      return second === undefined ? <JobsPage /> : second === "new" ? <NewJobPage /> : <JobPage id={second} />;
    case "providers": return second === undefined ? <ProvidersPage /> : <ProviderPage account={second} />;
    case "accounts": if (second !== undefined) return <AccountPage account={second} />; break;
    case "wallet": return <WalletPage part={second} />;
    case "proposals":
      return second === undefined ? <ProposalsPage /> : second === "new" ? <NewProposalPage /> : <ProposalPage number={second} />;
    case "treasury": return <TreasuryPage />;
    case "validators": return second === undefined ? <ValidatorsPage /> : <ValidatorPage account={second} />;
    case "network": return <NetworkPage />;
    case "identity": return <IdentityPage />;
    case "operations": return <OperationsPage />;
    case "blocks": return second === undefined ? <BlocksPage /> : <BlockPage height={second} />;
    case "transactions": if (second !== undefined) return <TransactionPage hash={second} />;
  }
  return (
    <>
      <Heading title="Nothing is here" />
      <Empty title="This address names no page.">
        <Link to="/" className="button">To the overview</Link>
      </Empty>
    </>
  );
}

/** Keeps one broken page from taking the others with it. */
class Guard extends React.Component<{ place: string; children: React.ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override componentDidUpdate(before: { place: string }): void {
    if (before.place !== this.props.place && this.state.error !== null) this.setState({ error: null });
  }

  override render(): React.ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children
      : <Failure error={error} retry={() => this.setState({ error: null })} />;
  }
}

/** The dashboard. */
export function App(): JSX.Element {
  const { parts, text } = usePlace();
  return (
    <Shell>
      <Guard place={text}>{page(parts[0], parts[1])}</Guard>
    </Shell>
  );
}
