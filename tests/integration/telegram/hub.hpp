#pragma once
// What a hub is made of, as far as Telegram is concerned: a real store, the real desk, the real channel.

#include <memory>
#include <optional>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/telegram/channel.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/worker/runner.hpp"
#include "support/office.hpp"
#include "support/temporary_directory.hpp"

namespace garita::telegram {

inline constexpr const char* test_token = "123456789:AAtest_token";

inline Person person(std::string name, std::int64_t telegram_id, Role role = Role::operator_) {
    Person p;
    p.name = std::move(name);
    p.role = role;
    p.telegram_id = telegram_id;
    return p;
}

/// Store and desk outlive the channel, so a test can end a hub and start another on the same store.
class Desk {
  public:
    Desk() {
        auto opened = sqlite::SqliteStore::open({.file = directory_ / "hub.db"});
        if (!opened) throw std::runtime_error(opened.error().text);
        store_ = std::move(*opened);
        office_.emplace(*store_);
        office_->now = runtime::system_now();
        office_->enrol("web1");
    }
    [[nodiscard]] store::Store& store() { return *store_; }
    [[nodiscard]] tests::Office& office() { return *office_; }

    CaseId raise_flood(const std::string& address) {
        office_->now = runtime::system_now();
        office_->file(tests::flood_alert(address));
        return office_->last_case().id;
    }
    [[nodiscard]] Case find(CaseId id) {
        return *office_->look([&](store::View& v) { return v.find_case(id); });
    }

  private:
    support::TemporaryDirectory directory_;
    std::unique_ptr<sqlite::SqliteStore> store_;
    std::optional<tests::Office> office_;
};

class RunningChannel {
  public:
    RunningChannel(Desk& desk, Settings settings, const std::string& api_base)
        : zone_(zoneinfo::find_zone("UTC").value()),
          channel_({runtime::Secret(test_token), api_base, "", std::chrono::seconds(5)}, settings,
                   {catalogue_, *zone_}, desk.store(), desk.office().desk, runtime::system_now,
                   runtime::Log::to_stderr({})),
          group_(runtime::system_now, [](std::string_view worker, const Error& error,
                                         Duration) { ADD_FAILURE() << worker << ": " << error.text; }),
          sender_(group_.start(channel_.sender())) {
        group_.start(channel_.poller());
        desk.store().on_ring([this](const store::Ring& ring) {
            if (ring.topic == store::Topic::cases || ring.topic == store::Topic::messages) sender_.wake();
        });
        desk_ = &desk;
    }
    ~RunningChannel() {
        desk_->store().on_ring([](const store::Ring&) {});
        channel_.cancel();
        group_.stop();
    }
    RunningChannel(const RunningChannel&) = delete;
    RunningChannel& operator=(const RunningChannel&) = delete;

    [[nodiscard]] Health::Snapshot health() const { return channel_.health(); }
    void wake() { sender_.wake(); }

  private:
    catalogue::MessageCatalogue catalogue_;
    std::shared_ptr<const decide::TimeZone> zone_;
    Channel channel_;
    runtime::WorkerGroup group_;
    runtime::WorkerThread& sender_;
    Desk* desk_ = nullptr;
};

}  // namespace garita::telegram
