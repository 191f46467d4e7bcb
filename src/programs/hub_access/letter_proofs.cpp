#include "programs/hub_access/letter_proofs.hpp"

#include <algorithm>
#include <functional>

#include "adapters/mail_proof/smime.hpp"

namespace garita::programs {
namespace {

bool has_key(const Person& person, std::string_view kind) {
    return std::any_of(person.keys.begin(), person.keys.end(),
                       [&](const std::string& key) { return key.starts_with(kind); });
}

}  // namespace

Result<std::string> MailReader::own_words_of(std::string_view signed_part) {
    auto words = mailbox::read_words(signed_part, rules_);
    if (!words) return tl::unexpected(words.error());
    return std::move(words->own);
}

Result<access::Proof> ProofLadder::prove(std::string_view raw, const access::Letter& letter,
                                         const Person& person, Time now) {
    std::vector<std::function<Result<access::Proof>()>> rungs;
    if (has_key(person, "smime:"))
        rungs.emplace_back(
            [&] { return mail_proof::verify_smime(raw, letter, person.keys, rungs_.window, now); });
    if (rungs_.openpgp && has_key(person, "openpgp:"))
        rungs.emplace_back([&] { return rungs_.openpgp->verify(raw, person.keys, rungs_.window, now); });
    if (rungs_.dkim) rungs.emplace_back([&] { return rungs_.dkim->verify(raw, letter, now); });
    if (rungs_.server)
        rungs.emplace_back([&] { return mail_proof::trusted_results(raw, letter, *rungs_.server, now); });
    Error why{ErrorCode::forbidden, {}, Retry::no};
    for (const auto& rung : rungs) {
        auto proof = rung();
        if (proof) return proof;
        if (!why.text.empty()) why.text += "; ";
        why.text += proof.error().text;
        if (proof.error().code != ErrorCode::forbidden) {  // it may hold once it can be looked at
            why.code = ErrorCode::unavailable;
            why.retry = Retry::later;
        }
    }
    if (rungs.empty()) why.text = "no way of proof is switched on for " + person.name;
    return tl::unexpected(why);
}

}  // namespace garita::programs
