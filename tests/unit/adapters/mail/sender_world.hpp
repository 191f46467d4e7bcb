#pragma once
// The sender among a store in memory, a post that the test answers for, and a clock that the test moves.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/mail/sender.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "fakes/memory_store.hpp"
#include "support/office.hpp"

namespace garita::mail {

inline std::string header_of(const std::string& mime, const std::string& name) {
    const auto at = mime.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return mime.substr(begin, mime.find("\r\n", begin) - begin);
}

/// Takes every letter at once, unless the test says otherwise.
class FakePost final : public Post {
  public:
    void send(Outgoing letter) override {
        ++sent;
        auto delivery =
            answer ? answer(letter) : Delivery{letter.ticket, Delivery::Kind::taken, "250 Ok", false};
        if (!delivery) {
            held.push_back(std::move(letter));
            return;
        }
        delivery->ticket = letter.ticket;
        if (delivery->kind == Delivery::Kind::taken) taken.push_back(letter);
        finished.push_back(*delivery);
    }
    [[nodiscard]] std::size_t capacity() const override { return 4; }
    [[nodiscard]] std::vector<Delivery> take_finished() override { return std::exchange(finished, {}); }
    [[nodiscard]] int wake_fd() const override { return -1; }

    [[nodiscard]] std::vector<std::string> to(const std::string& address) const {
        std::vector<std::string> letters;
        for (const auto& one : taken)
            if (one.to == address) letters.push_back(one.mime);
        return letters;
    }

    std::function<std::optional<Delivery>(const Outgoing&)> answer;  ///< nothing: no answer comes
    std::vector<Outgoing> taken;
    std::vector<Outgoing> held;
    std::vector<Delivery> finished;
    int sent = 0;
};

inline Delivery fault(Delivery::Kind kind, std::string text = "450 not now", bool maybe = false) {
    return {0, kind, std::move(text), maybe};
}

inline const std::string ana = "ana@example.org";
inline const std::string eva = "eva@example.org";

class MailSenderTest : public ::testing::Test {
  protected:
    MailSenderTest() {
        settings.from = "garita@example.org";
        add(ana, "en");
        office.enrol("web1");
        start();
    }
    void add(const std::string& address, const std::string& language) {
        Recipient to;
        to.address = address;
        to.language = language;
        to.zone = zoneinfo::find_zone("UTC").value();
        settings.to.push_back(std::move(to));
    }
    /// As after a start of the hub: nothing but the store is left of the last run.
    void start() {
        post.finished.clear();
        post.held.clear();
        health.emplace();
        courier.emplace(post, *health, runtime::Log());
        sender.emplace(*courier, store, catalogue, *health, settings, runtime::Log());
    }
    Duration step() {
        const auto wait = sender->step(office.now);
        EXPECT_TRUE(wait) << (wait ? "" : wait.error().text);
        return wait.value_or(Duration{0});
    }
    /// Steps as the runner would: no sooner than the sender's rest, no later than it asks for.
    void run_for(Duration span) {
        const auto end = office.now + span;
        while (office.now <= end) {
            const auto wait = step();
            office.now += post.finished.empty() ? std::max(wait, sender->rest()) : sender->rest();
        }
    }
    CaseId raise(const std::string& address, Severity severity = Severity::warning) {
        office.file(tests::flood_alert(address, severity));
        return office.last_case().id;
    }
    std::vector<Message> rows(CaseId id) {
        return office.look([&](store::View& v) { return v.messages_of(id); });
    }
    Case find(CaseId id) {
        return *office.look([&](store::View& v) { return v.find_case(id); });
    }

    catalogue::MessageCatalogue catalogue;
    fakes::MemoryStore store;
    tests::Office office{store};
    FakePost post;
    Settings settings;
    std::optional<Health> health;
    std::optional<Courier> courier;
    std::optional<Sender> sender;
};

}  // namespace garita::mail
