// SPDX-License-Identifier: Apache-2.0

/// Every command, in the order in which help lists them.
enum CommandTable {
    static let commands =
        general + ShareCommands.all + BondCommands.all + common + trades + leases + networks

    private static let general: [CommandSpec] = [
        UpCommand.command, DownCommand.command, StatusCommand.command,
        RunCommand.command, QuoteCommand.command, JobsList.command, DescribeJob.command,
        LogsCommand.command, CancelCommand.command,
        ReceiptShow.command, ReceiptVerify.command, VerifyAccount.command, VerifyProof.command,
        VerifyValidators.command, VerifyRecord.command,
        BalanceCommand.command, AccountEvents.command, SendCommand.command,
        ValidatorList.command, ValidatorShow.command, ValidatorJoin.command,
        ValidatorAddStake.command, ValidatorLeave.command, ValidatorRotateKey.command,
        ValidatorUpdate.command, ValidatorResume.command, ValidatorReady.command,
        StakeShow.command, DelegateCommand.command, UnbondCommand.command, RewardsShow.command,
        RewardsClaim.command, OrchestratorCommand.command,
        ProposalList.command, ProposalShow.command, ProposalNew.command, ProposalSimulate.command,
        ProposalVote.command, ProposalExecute.command,
        VoteLockCommand.command, ParamsCommand.command, LawCommand.command,
        PresetShow.command, PresetDiff.command, PresetValidate.command,
    ]

    /// Common money.
    private static let common =
        TreasuryCommands.all + MultisigCommands.all + VestingCommands.all + AirdropCommands.all
        + AuctionCommands.all + BountyCommands.all + BadgeCommands.all

    /// Trades.
    private static let trades: [CommandSpec] = [
        SwapCommand.command, SwapQuoteCommand.command, SwapConvert.command, SwapFund.command,
        SwapWindows.command,
        PoolList.command, PoolShow.command, PoolCreate.command, PoolAdd.command,
        PoolRemove.command, PoolLock.command, PoolUnlock.command,
    ]

    /// Long-running work.
    private static let leases: [CommandSpec] = [
        OrderNew.command, OrderList.command, OrderAccept.command, LeaseList.command,
        LeaseShow.command, LeaseTopUp.command, LeaseClose.command, LeaseContest.command,
    ]

    private static let networks: [CommandSpec] = [
        DeployValidate.command, DeployDiff.command, DeployQuote.command, DeploySeal.command,
        ImagePull.command, ImagePush.command, ImageList.command, ImageInspect.command,
        ImageTag.command, ImageRemove.command, ImagePrune.command, ImageUnpack.command,
        ImageBuildCommand.command, ImageSave.command, ImageLoad.command,
        ProvidersFind.command, TasksList.command, TasksDescribe.command, PeersList.command,
        PeersDescribe.command, PeersAdd.command, PeersBan.command, PeersUnban.command,
        NetworkStatusCommand.command, NetworkTraceCommand.command,
        KeysNew.command, KeysList.command, KeysExport.command, KeysImport.command,
        IdNew.command, IdPublish.command, IdShow.command, IdResolve.command, IdRotate.command,
        IdRecover.command, IdService.command, IdSpecify.command, IdLend.command,
        IdBind.command, IdPeer.command, IdDeactivate.command, IdBundle.command,
        IdCertificate.command,
        CredentialIssue.command, CredentialShow.command, CredentialVerify.command,
        CredentialPresent.command, CredentialStatus.command, CredentialRevoke.command,
        CredentialChain.command, TrustPolicyCommand.command, TrustIssuers.command,
        IssuerShow.command, IssuerRegister.command, IssuerUpdate.command, IssuerLeave.command,
        IssuerWithdraw.command, IssuerAnchor.command, IssuerReport.command,
        IssuerVouch.command, IssuerUnvouch.command, PersonShow.command,
        NameShow.command, NameResolve.command, NameClaim.command, NameBid.command,
        NameRenew.command, NamePoint.command, NameTransfer.command, NameRelease.command,
        MandateGrant.command, MandateShow.command, MandateRevoke.command, MandateSend.command,
        MachineOwn.command, MachineAuthorise.command, MachineShow.command, MachineRelease.command,
        NodeInit.command, NodeStart.command, LedgerVerify.command, LedgerExportCommand.command,
        LedgerImportCommand.command, LedgerRepair.command, RuntimeCommand.command, Version.command,
        CompletionCommand.command,
    ]
}
