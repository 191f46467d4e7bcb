#pragma once
// The hub's whole way from a port to a person: the watch on a network in memory, a specification in a real
// file, the desk, and Telegram. What outlives a power cut, and what is made anew after it.

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/telegram/sender.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "fakes/memory_port_book.hpp"
#include "fakes/memory_store.hpp"
#include "fakes/port_world.hpp"
#include "programs/ports/file_editor.hpp"
#include "runtime/config/port_config.hpp"
#include "scan/watch.hpp"
#include "support/office.hpp"
#include "unit/adapters/telegram/fake_bot_api.hpp"

namespace garita::tests {

struct PowerCut {};

/// A store whose n-th place, before or after a write, is where the power goes.
class CutStore final : public store::Store {
  public:
    explicit CutStore(store::Store& inner) : inner_(inner) {}
    Result<void> read(const Reading& work) override { return inner_.read(work); }
    Result<void> write(const Writing& work) override {
        place();
        auto result = inner_.write(work);
        place();
        return result;
    }
    void on_ring(std::function<void(const store::Ring&)>) override {}

    /// Nothing: never.
    void cut_at(std::optional<int> at) { left_ = at; }
    [[nodiscard]] bool has_cut() const { return left_ && *left_ < 0; }

  private:
    void place() {
        if (left_ && *left_ >= 0 && (*left_)-- == 0) throw PowerCut{};
    }
    store::Store& inner_;
    std::optional<int> left_;
};

class PortTown {
  public:
    static constexpr std::int64_t chat = 500;

    explicit PortTown(const std::string& specification) {
        std::string pattern = (std::filesystem::temp_directory_path() / "garita-town-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        file = folder_ / "ports.yml";
        std::ofstream(file) << specification;
        settings_.chats = {{{chat, std::nullopt}, "en"}};
        options.interval = 1h;
        options.confirm_after = 30s;
        api.after_effect = [this] {
            const bool is_new = api.messages.size() > sent_;
            sent_ = api.messages.size();
            if (is_new && api.messages.rbegin()->second.text.find("may appear twice") != std::string::npos)
                ++doubtful_;
        };
        start();
    }
    ~PortTown() { std::filesystem::remove_all(folder_); }
    PortTown(const PortTown&) = delete;
    PortTown& operator=(const PortTown&) = delete;

    /// As after a start of the hub.
    void start() {
        WrittenSpecification written;
        written.scanports = PortSet::of(1, 1024);
        const auto content = text();
        ASSERT_TRUE(runtime::read_specification(content, file.string(), written));
        auto specification = scan::Specification::make(written);
        ASSERT_TRUE(specification) << specification.error().text;
        const auto now =
            office ? office->now : Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
        office.emplace(store);
        office->now = now;
        editor_.emplace(std::map<std::string, std::string>{{file.string(), content}});
        watch.emplace(
            scan::WatchGround{
                store, book_, {engine, nullptr, names, &services_}, &*editor_, [](const auto&) {}, [] {}},
            std::move(*specification), options);
        chats_.emplace(settings_);
        health_.emplace();
        sender_.emplace(api, store, *chats_, *health_, settings_, telegram::Voice{catalogue_, *zone_},
                        runtime::Log());
    }
    [[nodiscard]] std::string text() const {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    /// All workers, until nothing is left to be done now; a power cut starts them anew.
    void settle() {
        for (int i = 0; i < 200; ++i) {
            try {
                const auto wait = watch->step(office->now);
                ASSERT_TRUE(wait) << wait.error().text;
                office->file();
                const auto sent = sender_->step(office->now);
                ASSERT_TRUE(sent) << sent.error().text;
                if (*wait > 100ms && *sent > Duration::zero()) return;
                office->now += std::min<Duration>(*wait, 100ms);
            } catch (const PowerCut&) {
                start();
            }
        }
        FAIL() << "it never comes to rest";
    }
    /// In small steps, so that nothing that is due is passed over.
    void pass(Duration span) {
        for (const auto end = office->now + span; office->now < end;) {
            office->now += 10s;
            settle();
        }
    }
    /// Until each host has been looked at twice.
    void next_round() { pass(67min + 40s); }
    void answer(Response response) {
        const auto done = office->answer(office->last_case(), response);
        ASSERT_TRUE(done) << done.error().text;
        settle();
    }
    [[nodiscard]] std::vector<telegram::FakeBotApi::Shown> questions() const { return messages(false); }
    [[nodiscard]] std::vector<telegram::FakeBotApi::Shown> ends() const { return messages(true); }
    /// Told once; or twice where nobody could know whether the first has gone, and then the second says so.
    [[nodiscard]] bool is_told_once(const std::vector<telegram::FakeBotApi::Shown>& all) const {
        return all.size() == 1 || (all.size() == 2 && store.has_cut() && doubtful_ == 1);
    }

    fakes::MemoryStore disk;
    CutStore store{disk};
    fakes::PortWorld world;
    fakes::WorldEngine engine{world};
    fakes::WorldNames names{world};
    telegram::FakeBotApi api;
    std::filesystem::path file;
    scan::WatchOptions options;
    std::optional<Office> office;
    std::optional<scan::PortWatch> watch;

  private:
    [[nodiscard]] std::vector<telegram::FakeBotApi::Shown> messages(bool of_ends) const {
        auto all = api.in(chat);
        std::erase_if(all, [&](const auto& one) { return (one.answers != 0) != of_ends; });
        return all;
    }

    std::filesystem::path folder_;
    std::size_t sent_ = 0;
    int doubtful_ = 0;  ///< messages that said when they were sent that they may be there twice
    fakes::MemoryPortBook book_;
    fakes::WorldServices services_{world};
    catalogue::MessageCatalogue catalogue_;
    std::shared_ptr<const decide::TimeZone> zone_ = zoneinfo::find_zone("UTC").value();
    telegram::Settings settings_;
    std::optional<programs::FileEditor> editor_;
    std::optional<telegram::ChatBook> chats_;
    std::optional<telegram::Health> health_;
    std::optional<telegram::Sender> sender_;
};

}  // namespace garita::tests
