// What an approver's letter says: MAC addresses, the writer's own words, HTML, confirmation codes, KILL and
// REPORT; and what is shown of it.
// Invariants: what is found stands where it is said to stand and is found again alone, own words are part of
// the text, and reading twice says the same.

#include <string>

#include "access/html_text.hpp"
#include "access/letter_fields.hpp"
#include "access/letter_wish.hpp"
#include "access/mac_grammar.hpp"
#include "access/notice_pace.hpp"
#include "access/own_words.hpp"
#include "access/record.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

void macs(std::string_view text) {
    const auto reading = access::read_macs(text);
    std::size_t last = 0;
    for (const auto& one : reading.named) {
        must(one.begin >= last && one.end > one.begin && one.end <= text.size());
        last = one.end;
        must(MacAddress::parse(one.address.text()) == one.address);
    }
    const auto approved = access::the_one_mac(text);
    if (approved) {
        must(!reading.named.empty());
        must((approved->address.bytes[0] & 1U) == 0);
        must(access::the_one_mac(approved->address.text()).has_value());
    } else {
        must(!access::to_text(approved.error().reason).empty());
    }
}

void words(std::string_view text) {
    const auto own = access::own_words(text);
    must(own.size() <= text.size());
    must(own.empty() || (own.front() != '\n' && own.back() != '\n'));
    must(access::html_text(text).size() <= 6 * text.size() + 2);
}

void fields(std::string_view text) {
    const auto letter = access::with_mail_line_ends(text);
    must(access::with_mail_line_ends(letter) == letter);
    if (const auto split = access::split_letter(letter)) {
        must(fuzz::inside(split->body, letter));
        for (const auto& field : split->fields) {
            must(fuzz::inside(field.raw, letter) && !field.name.empty());
            must(field.value.find_first_of("\r\n") == std::string::npos);
            (void)access::parse_parameters(field.value);
        }
    }
}

/// What a writer wants, what is shown of a letter, what the store keeps of notices.
void desk(std::string_view text) {
    const auto wish = access::read_wish(text);
    must((wish.kind == access::LetterWish::Kind::kill) == wish.request.has_value());
    if (wish.request) must(wish.request->value > 0);
    const auto shown = access::clean_lines(text, 100);
    must(shown.size() <= 100 + 3 && shown.find('\x1b') == std::string::npos);
    const auto kept = access::NoticePace::parse(text).text();
    must(access::NoticePace::parse(kept).text() == kept);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    macs(text);
    words(text);
    fields(text);
    desk(text);
    return 0;
}
