// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {AncestorSet} from "../../../contracts/libraries/AncestorSet.sol";
import {StatusRules} from "../../../contracts/libraries/StatusRules.sol";

contract StatusRulesTest {
    /// All 144 cases against the rule, said the other way round: who may do what.
    function test_Decide_AgreesWithTheTable() external pure {
        for (uint256 who = 0; who < 4; ++who) {
            for (uint256 setBy = 0; setBy < 4; ++setBy) {
                for (uint256 from = 0; from < 3; ++from) {
                    for (uint256 to = 0; to < 3; ++to) {
                        bool allowed = from != 2 && who >= (to == 2 ? 2 : 1);
                        if (from == 1 && to != 2) allowed = allowed && who >= setBy;
                        StatusRules.Verdict verdict = StatusRules.decide(
                            IModelProvenanceNFT.Status(from),
                            StatusRules.Strength(setBy),
                            IModelProvenanceNFT.Status(to),
                            StatusRules.Strength(who)
                        );
                        bool isAdded = allowed && from == 1 && who < setBy;
                        require((verdict == StatusRules.Verdict.Added) == isAdded, "added");
                        require((verdict == StatusRules.Verdict.Allowed) == (allowed && !isAdded), "verdict");
                    }
                }
            }
        }
    }

    function test_StrengthOf_IsTheStrongest() external pure {
        for (uint256 bits = 0; bits < 8; ++bits) {
            uint256 expected =
                bits >= 4
                    ? 3
                    : bits >= 2
                        ? 2
                        : bits;
            StatusRules.Strength strength = StatusRules.strengthOf(bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            require(uint256(strength) == expected, "strength");
        }
    }
}

contract AncestorSetTest {
    using AncestorSet for AncestorSet.Node;

    function testFuzz_Add_KeepsEveryIdOnceInOrder(uint8[40] calldata ids) external pure {
        AncestorSet.Node root = AncestorSet.create(1_000);
        AncestorSet.Node last = root;
        uint256[] memory expected = new uint256[](41);
        expected[0] = 1_000;
        uint256 count = 1;
        for (uint256 i = 0; i < 40; ++i) {
            bool isKnown;
            for (uint256 j = 0; j < i; ++j) isKnown = isKnown || ids[j] == ids[i];
            bool added;
            (last, added) = root.add(last, ids[i]);
            require(added != isKnown, "added");
            if (added) expected[count++] = ids[i];
        }
        AncestorSet.Node node = root;
        for (uint256 i = 0; i < count; ++i) {
            require(node.exists() && node.idOf() == expected[i], "order");
            node = node.next();
        }
        require(!node.exists(), "end");
    }
}
