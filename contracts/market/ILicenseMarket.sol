// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/**
 * @title A market for licences of recorded models
 * @notice Sells licences of the models of any registry, and passes a part of what they bring to the models' parents. It
 * has no administrator and takes no fee. A licence is a token (ERC-721) that expires and is renewed as ERC-5643 says.
 * @dev A registry is believed about its own models: who owns them, what their parents are, whether they are revoked. One
 * that lies harms nobody but its own models; whoever displays an offer must say which registry it is from. A zero
 * currency means ether.
 */
interface ILicenseMarket {
    // ---------------------------------------------------------------------------------------------------------- types

    /// @notice What a licence allows: to use a model, to serve its answers to others, or to derive other models from it.
    enum LicenseKind {
        Use,
        Serve,
        Derive
    }

    /// @notice What became of an offer. `Open` is one that was listed, or of which a licence was bought.
    enum OfferState {
        Unknown,
        Open,
        Cancelled
    }

    /**
     * @notice What an owner of a model asks for a licence; signed as it stands (EIP-712), or listed.
     * @param registry The registry of the model.
     * @param tokenId The model.
     * @param seller The owner of the model. The offer is dead while anybody else owns it.
     * @param currency An ERC-20 token; zero: ether.
     * @param price What a licence costs, and each renewal, in the smallest unit.
     * @param duration Seconds until a licence ends; zero: never.
     * @param deadline Unix time in seconds after which nothing is sold or renewed; zero: none.
     * @param limit How many licences are sold at most; zero: no limit.
     * @param kind What a licence allows.
     * @param endsWhenRevoked Whether a licence gives no access any more once the model is revoked.
     * @param termsDigest SHA-256 of the terms as text, and so the digest inside their CID.
     * @param salt Tells apart offers that are equal otherwise.
     */
    struct Offer {
        address registry;
        uint256 tokenId;
        address seller;
        address currency;
        uint128 price;
        uint40 duration;
        uint40 deadline;
        uint64 limit;
        LicenseKind kind;
        bool endsWhenRevoked;
        bytes32 termsDigest;
        uint256 salt;
    }

    /**
     * @notice What the market keeps of an offer that was opened.
     * @param sold How many licences were sold.
     * @param isAlive Whether it sells and renews now, the limit aside.
     * @param version Of the shares of the model's parents that hold for what is unsettled.
     * @param unsettled What purchases and renewals brought since the last settlement.
     */
    struct OfferData {
        OfferState state;
        bool isAlive;
        uint32 sold;
        uint32 version;
        uint128 unsettled;
        address registry;
        uint256 tokenId;
        address seller;
        address currency;
        uint128 price;
        uint40 duration;
        uint40 deadline;
        uint64 limit;
        LicenseKind kind;
        bool endsWhenRevoked;
        bytes32 termsDigest;
    }

    /**
     * @notice What a parent's owner asks of children that sell licences here.
     * @param minimumBasisPoints The least share of the parent in what a child brings.
     * @param termsDigest SHA-256 of the terms as text; zero: none were given.
     */
    struct DerivativeTerms {
        uint16 minimumBasisPoints;
        bytes32 termsDigest;
    }

    // --------------------------------------------------------------------------------------------------------- events

    /// @notice An offer was opened: its seller listed it, or a first licence was bought with the seller's signature.
    event OfferOpened(
        address indexed registry,
        uint256 indexed tokenId,
        address indexed seller,
        bytes23 offerId,
        Offer offer
    );

    /// @notice A seller cancelled an offer.
    event OfferCancelled(bytes23 indexed offerId, address indexed seller);

    /// @notice A licence was bought or renewed, and ends at `expires`. What arrived belongs to the offer until it is settled.
    event LicensePaid(
        bytes23 indexed offerId,
        address indexed payer,
        uint256 licenseId,
        uint64 expires,
        uint256 received
    );

    /**
     * @notice A model got its share of what a child brought, or its till was swept. The amount is the account's, less the
     * shares of the model's own parents in this version; with version zero there are none, and it can be withdrawn at once.
     */
    event RevenueCredited(
        address indexed registry,
        uint256 indexed tokenId,
        address indexed account,
        address currency,
        uint32 version,
        uint256 amount
    );

    /// @notice The parents of a model got their shares of `amount`; the account got the rest, and can withdraw it.
    event RevenueSettled(
        address indexed registry,
        uint256 indexed tokenId,
        address indexed account,
        address currency,
        uint32 version,
        uint256 amount,
        uint256 rest
    );

    /// @notice An account took out what it had.
    event RevenueWithdrawn(address indexed account, address indexed currency, address indexed to, uint256 amount);

    /// @notice The shares of a model's parents were set; they hold for what comes in from now on.
    event UpstreamChanged(
        address indexed registry,
        uint256 indexed tokenId,
        uint32 version,
        uint256[] parents,
        uint16[] basisPoints
    );

    /// @notice One of creator and owner agreed to shares; the other has not yet.
    event UpstreamProposed(
        address indexed registry,
        uint256 indexed tokenId,
        address indexed account,
        uint16[] basisPoints
    );

    /// @notice A parent's owner said what children that sell here owe.
    event DerivativeTermsChanged(
        address indexed registry,
        uint256 indexed parentId,
        uint16 minimumBasisPoints,
        bytes32 termsDigest
    );

    // --------------------------------------------------------------------------------------------------------- errors

    /// @notice The account is not the seller of the offer.
    error LicenseMarketUnauthorizedSeller(address account, address seller);

    /// @notice The account may not do this with the model.
    error LicenseMarketUnauthorizedAccount(address account, address registry, uint256 tokenId);

    /// @notice The bytes are not the seller's signature of the offer.
    error LicenseMarketInvalidSignature(bytes23 offerId, bytes signature);

    /// @notice The seller cancelled the offer.
    error LicenseMarketCancelledOffer(bytes23 offerId);

    /// @notice The offer is open already.
    error LicenseMarketOpenOffer(bytes23 offerId);

    /// @notice The offer ended at `deadline`.
    error LicenseMarketExpiredOffer(bytes23 offerId, uint40 deadline);

    /// @notice The seller does not own the model: `owner` does.
    error LicenseMarketSellerNotOwner(bytes23 offerId, address seller, address owner);

    /// @notice The model is revoked, so nothing is sold of it.
    error LicenseMarketRevokedModel(address registry, uint256 tokenId);

    /// @notice As many licences as the offer allows were sold.
    error LicenseMarketSoldOut(bytes23 offerId, uint64 limit);

    /// @notice The call brings `value` wei of ether, and `expected` are asked for.
    error LicenseMarketWrongPayment(uint256 value, uint256 expected);

    /// @notice Ether comes in with a purchase, or from the till that is being swept.
    error LicenseMarketUnexpectedEther(address from);

    /// @notice A licence is renewed for the duration of its offer; zero: it never ends, and is not renewed.
    error LicenseMarketWrongDuration(uint64 duration, uint64 expected);

    /// @notice At most one duration is paid ahead, and the licence ends at `expires`.
    error LicenseMarketRenewedTooEarly(uint256 licenseId, uint64 expires);

    /// @notice There must be a share for each of at most 16 recorded parents.
    error LicenseMarketInvalidShares(uint256 parents, uint256 shares);

    /// @notice The shares of all parents are `total` basis points, more than `maximum`.
    error LicenseMarketSharesTooHigh(uint256 total, uint256 maximum);

    /// @notice A model of which licences were offered never lowers a share.
    error LicenseMarketLoweredShare(uint256 parentId, uint16 basisPoints, uint16 present);

    /// @notice The parent's owner asks for `minimum` basis points of what its children bring.
    error LicenseMarketShareTooLow(uint256 parentId, uint16 basisPoints, uint16 minimum);

    /// @notice Nothing came in under the offer since the last settlement.
    error LicenseMarketNothingEarned(bytes23 offerId);

    /// @notice There is nothing to settle here.
    error LicenseMarketNothingToSettle(address registry, uint256 tokenId, uint32 version, address account);

    /// @notice There is nothing in the till.
    error LicenseMarketEmptyTill(address till, address currency);

    /// @notice The account has nothing in this currency.
    error LicenseMarketNothingToWithdraw(address account, address currency);

    // --------------------------------------------------------------------------------------------------------- offers

    /// @notice Opens an offer without a signature. For its seller.
    function list(Offer calldata offer) external returns (bytes23 offerId);

    /// @notice Makes an offer worthless, opened or not; licences that were bought live on. For its seller.
    function cancel(Offer calldata offer) external;

    /**
     * @notice Buys a licence and gives it to `licensee`. The buyer names the whole offer, so neither price nor terms can be
     * exchanged. What arrives is the seller's, less the shares of the model's parents.
     * @param signature The seller's signature of the offer (ECDSA or ERC-1271); empty where the offer is open.
     */
    function buy(
        Offer calldata offer,
        bytes calldata signature,
        address licensee
    ) external payable returns (uint256 licenseId);

    /// @notice What a seller signs (EIP-712).
    function hashOffer(Offer calldata offer) external view returns (bytes32);

    /// @notice An offer that was opened or cancelled, by the first 23 bytes of its hash; of one cancelled unopened, the state.
    function getOffer(bytes23 offerId) external view returns (OfferData memory);

    // ------------------------------------------------------------------------------------------------------- licences

    /// @notice Whether an account holds a licence of the model, of any kind, that has not ended.
    function hasAccess(address registry, uint256 tokenId, address account) external view returns (bool);

    /// @notice Whether an account holds a licence of the model, of this kind, that has not ended.
    function hasLicense(
        address registry,
        uint256 tokenId,
        LicenseKind kind,
        address account
    ) external view returns (bool);

    /// @notice The licence that `hasLicense` looks at; zero: the account holds none, or gave it away. It may have ended.
    function getActiveLicense(
        address registry,
        uint256 tokenId,
        LicenseKind kind,
        address account
    ) external view returns (uint256 licenseId);

    /**
     * @notice Has `hasLicense` look at this licence for its holder, if it lasts longer than the one it looks at. A purchase,
     * a renewal and a transfer do that by themselves; it is needed where a holder gave away the longer of two. For anybody.
     */
    function activate(uint256 licenseId) external;

    // ------------------------------------------------------------------------------------------------------- upstream

    /**
     * @notice Sets what part of a model's revenue belongs to each of its recorded parents, in their order, in basis points; at
     * most 5 000 together. For creator and owner: where they are two accounts it holds once both called. Until a licence is
     * offered the shares may be anything, from then on none is lowered.
     */
    function setUpstream(address registry, uint256 tokenId, uint16[] calldata basisPoints) external;

    /**
     * @notice Says what share a parent asks of children that offer licences in this market, and under which terms. Offers
     * that are open stay open. For the parent's owner.
     */
    function setDerivativeTerms(
        address registry,
        uint256 parentId,
        uint16 minimumBasisPoints,
        bytes32 termsDigest
    ) external;

    /// @notice The parents of a model, and their shares in the version that holds now; zero: none were set.
    function getUpstream(
        address registry,
        uint256 tokenId
    ) external view returns (uint32 version, uint256[] memory parents, uint16[] memory basisPoints);

    /// @notice What a parent's owner asks of children.
    function getDerivativeTerms(address registry, uint256 parentId) external view returns (DerivativeTerms memory);

    // ---------------------------------------------------------------------------------------------------------- money

    /**
     * @notice Gives the parents of a model their shares of what an offer brought, and the rest to the seller. One step: what a
     * parent got is settled there. For anybody.
     * @return rest What the seller got.
     */
    function settleOffer(bytes23 offerId) external returns (uint256 rest);

    /**
     * @notice Does the same with what a model got from its children and from its till, for one account and one version of the
     * shares. For anybody.
     * @return rest What the account got.
     */
    function settle(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency
    ) external returns (uint256 rest);

    /// @notice Sends what the caller has in a currency.
    function withdraw(address currency, address to) external returns (uint256 amount);

    /**
     * @notice Brings what came to the till's address into the market: for the model's owner of now, less the shares of the
     * parents. For anybody.
     */
    function sweep(address registry, uint256 tokenId, address currency) external returns (uint256 received);

    /// @notice Where a model can be paid by other means, in ether and in any ERC-20 token: as the receiver of its royalty.
    function tillAddress(address registry, uint256 tokenId) external view returns (address);

    /// @notice What a model got from children and till for an account under a version of the shares, and is not settled.
    function unsettled(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency
    ) external view returns (uint256);

    /// @notice What an account can withdraw.
    function withdrawable(address account, address currency) external view returns (uint256);
}
