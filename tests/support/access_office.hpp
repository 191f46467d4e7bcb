#pragma once
// A desk for requests for access on a store in memory, with people, codes that can be foretold, and a clock
// that the test moves.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "access/deadlines.hpp"
#include "access/desk.hpp"
#include "fakes/memory_access_book.hpp"
#include "fakes/memory_letter_book.hpp"
#include "fakes/memory_store.hpp"

namespace garita::tests {

using namespace std::chrono_literals;

/// The code for request A1 is "code-1-N", N counting the codes made.
class ForetoldCodes final : public access::ConfirmationCodes {
  public:
    Fresh make(std::string_view request, std::string_view person, Time now, Duration life) override {
        const auto code = "code-" + std::string(request.substr(1)) + '-' + std::to_string(++made);
        return {code, {digest(code, request, person), now + life, 0}};
    }
    bool stand_in(std::string_view text) override { return text.find("code-") != std::string_view::npos; }
    Verdict look(Kept& kept, std::string_view text, std::string_view request, std::string_view person,
                 Time now) override {
        const auto begin = std::min(text.find("code-"), text.size());
        const auto code = text.substr(begin, text.find_first_of(" \n", begin) - begin);
        if (kept.wrong >= 5) return Verdict::exhausted;
        if (digest(code, request, person) != kept.digest) {
            ++kept.wrong;
            return Verdict::wrong;
        }
        return now >= kept.expires ? Verdict::expired : Verdict::right;
    }
    static std::string digest(std::string_view code, std::string_view request, std::string_view person) {
        return std::string(code) + '|' + std::string(request) + '|' + std::string(person);
    }
    int made = 0;
};

inline Person access_person(std::string name, Role role, std::string language = {}) {
    Person person;
    person.mail = {name + "@example.org"};
    person.name = std::move(name);
    person.role = role;
    person.language = std::move(language);
    return person;
}

/// Monday, 23 November 2026, 12:00 UTC.
inline constexpr Time access_noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h};

struct AccessOffice {
    std::vector<Person> people = {
        access_person("ana", Role::approver, "es"), access_person("boris", Role::approver, "ru"),
        access_person("olga", Role::operator_), access_person("vera", Role::viewer)};
    fakes::MemoryStore store;
    fakes::MemoryAccessBook book;
    fakes::MemoryLetterBook letter_book;
    ForetoldCodes codes;
    access::Correspondence letters{letter_book, addressees()};
    access::DeskSettings settings = desk_settings();
    access::AccessDesk desk{store, book, letters, codes, settings};
    access::RequestCloser closer{book, letters};
    Time now = access_noon;

    [[nodiscard]] access::Addressees addressees() const {
        access::Addressees made;
        made.notify = {"noc@example.org"};
        made.people = people;
        return made;
    }
    static access::DeskSettings desk_settings() {
        access::DeskSettings made;
        made.switches = {"sw1", "sw2"};
        return made;
    }
    [[nodiscard]] access::Petition petition(std::size_t person, std::string channel = "mail") const {
        const auto& who = people.at(person);
        access::Petition made;
        made.actor = {Actor::Kind::person, who.name, std::move(channel), who.role};
        made.mail = who.mail.front();
        if (made.actor.channel == "mail") {
            made.proof = "dkim";
            made.letter = "letter-" + who.name + "@example.org";
        }
        return made;
    }
    access::Answer approve(const access::Petition& petition, std::string_view text,
                           access::AccessDesk::Confirm confirm = access::AccessDesk::Confirm::no) {
        const auto answer = desk.approve(petition, text, confirm, now);
        EXPECT_TRUE(answer) << answer.error().text;
        return answer.value_or(access::Answer{});
    }
    access::Answer confirm(const access::Petition& petition, std::string_view text) {
        access::Answer answer;
        EXPECT_TRUE(store.write([&](store::Transaction& transaction) -> Result<void> {
            const auto made = desk.confirm(transaction, petition, text, now);
            if (!made) return tl::unexpected(made.error());
            answer = *made;
            return {};
        }));
        return answer;
    }
    template <typename Read>
    auto read(Read work) {
        decltype(work(std::declval<store::View&>())) result{};
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            result = work(view);
            return {};
        }));
        return result;
    }
    /// Oldest first.
    std::vector<AccessRequest> requests() {
        auto all = read([&](store::View& view) { return book.requests(view, {}); });
        std::reverse(all.begin(), all.end());
        return all;
    }
    AccessRequest request(std::int64_t id) {
        return read([&](store::View& view) { return book.find(view, AccessId{id}); })
            .value_or(AccessRequest{});
    }
    bool change(const AccessRequest& changed) {
        bool written = false;
        EXPECT_TRUE(store.write([&](store::Transaction& transaction) -> Result<void> {
            written = book.update(transaction, changed);
            return {};
        }));
        return written;
    }
    std::vector<QueuedLetter> queued() {
        return read([&](store::View& view) { return letter_book.due(view, now + 24h, 1000); });
    }
    /// "ana@example.org: access.done", in order.
    std::vector<std::string> told() {
        std::vector<std::string> lines;
        for (const auto& letter : queued())
            lines.push_back(letter.to + ": " + letter.words);
        return lines;
    }
    std::vector<std::string> verbs() {
        std::vector<std::string> words;
        for (const auto& entry : read([&](store::View& view) { return view.audit({}); }))
            words.push_back(entry.verb);
        std::reverse(words.begin(), words.end());
        return words;
    }
    std::string log_of(std::int64_t id) {
        std::string text;
        for (const auto& line :
             read([&](store::View& view) { return book.log(view, AccessId{id}, 0, 1000); }))
            text += line.text + '\n';
        return text;
    }
};

}  // namespace garita::tests
