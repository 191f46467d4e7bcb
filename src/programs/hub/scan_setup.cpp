#include "programs/hub/scan_setup.hpp"

#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

class DeskVantage final : public scan::Vantage {
  public:
    DeskVantage(hub_link::ScanDesk& desk, std::string agent) : desk_(desk), agent_(std::move(agent)) {}
    Result<std::string> order(const scan::VantageTask& task) override {
        return desk_.order(agent_, task, "the hub's watch of ports");
    }
    Result<scan::VantageNews> look(const std::string& id) override {
        constexpr std::chrono::milliseconds patience{200};
        return desk_.look(id, patience);
    }
    void stop(const std::string& id) override { (void)desk_.stop(id); }
    std::string name() const override { return "agent " + agent_; }

  private:
    hub_link::ScanDesk& desk_;
    const std::string agent_;
};

}  // namespace

hub_link::ScanDesk::World scan_world(store::Store& store, std::function<void(const std::string&)> wake) {
    hub_link::ScanDesk::World world;
    world.wake = std::move(wake);
    world.device = [&store](std::string_view name) -> Result<std::optional<Device>> {
        std::optional<Device> found;
        const auto read = store.read([&](store::View& view) -> Result<void> {
            found = view.find_device(name);
            return {};
        });
        if (!read) return tl::unexpected(read.error());
        return found;
    };
    world.audit = [&store](const Actor& by, const std::string& object, const std::string& detail) {
        return store.write([&](store::Transaction& transaction) -> Result<void> {
            (void)transaction.add_audit({0, runtime::system_now(), by, "scan", object, detail});
            return {};
        });
    };
    return world;
}

FindVantage find_vantage(hub_link::ScanDesk& desk) {
    return [&desk](const std::string& agent) -> Result<std::unique_ptr<scan::Vantage>> {
        if (const auto ready = desk.ready(agent); !ready) return tl::unexpected(ready.error());
        return std::make_unique<DeskVantage>(desk, agent);
    };
}

}  // namespace garita::programs
