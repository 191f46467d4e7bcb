// Whole letters, as anybody may send them. Invariants: what is read is valid and clean, own words are part of
// the text, and nothing is proved by a letter that nobody signed.

#include <algorithm>
#include <string>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/authentication_results.hpp"
#include "adapters/mail_proof/dkim_tags.hpp"
#include "adapters/mail_proof/signed_part.hpp"
#include "adapters/mailbox/letter_reader.hpp"
#include "model/foreign_text.hpp"
#include "model/mail_identity.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

bool valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!character.valid) return false;
        text.remove_prefix(character.bytes);
    }
    return true;
}

void proofs(std::string_view raw, const access::Letter& letter) {
    const auto text = access::with_mail_line_ends(raw);
    for (const auto* type : {"application/pkcs7-signature", "application/pgp-signature"})
        if (const auto part = mail_proof::signed_part(text, type)) must(fuzz::inside(part->content, text));
    if (const auto fields = access::split_letter(text))
        for (const auto& field : fields->fields)
            if (const auto tags = mail_proof::parse_dkim_tags(field.value))
                (void)mail_proof::shortcoming(*tags, *fields);
    const mail_proof::TrustedServer server{"mx.example.org", {}};
    const auto proof = mail_proof::trusted_results(raw, letter, server, letter.sent.value_or(Time{}));
    if (proof) must(letter.from.ends_with('@' + proof->by) && !proof->once.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto raw = fuzz::text_of(data, size);
    const mailbox::ReadingRules rules{{"garita@example.org"}, std::size_t{1} << 20U};
    (void)mailbox::read_words(raw, rules);
    const auto letter = mailbox::read_letter(raw, rules);
    if (!letter) {
        must(!letter.error().text.empty());
        return 0;
    }
    must(parse_mail_address(letter->from) == letter->from);
    must(fuzz::printable(letter->subject) && fuzz::printable(letter->id));
    must(valid_utf8(letter->words) && valid_utf8(letter->text) && valid_utf8(letter->subject));
    must(letter->words.size() <= letter->text.size());
    proofs(raw, *letter);
    return 0;
}
