#pragma once
// Rates of up to ten thousand subscribers by classes of HTB: what is above the rate waits, and is not dropped
// at once. Adding a class takes the kernel ever longer with their number, changing one does not: so all are
// made at the beginning, and a subscriber is given one by a filter. The kernel alone knows who has which; it
// is asked at a start, and whenever anybody else has changed something.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/tc/class_pool.hpp"
#include "adapters/tc/messages.hpp"
#include "enforce/class_backend.hpp"
#include "model/rule_class.hpp"
#include "runtime/traffic/traffic_socket.hpp"

namespace garita::tc {

struct Settings {
    std::string
        interface;  ///< where the subscribers are; its root discipline becomes Garita's, or its upload's
    Direction direction = Direction::receives;
    std::uint16_t classes = 1000;  ///< at most 10 000
};

class TcBackend final : public enforce::ClassBackend {
  public:
    /// In the network namespace of the calling thread. invalid: such rules cannot be held, or settings.
    [[nodiscard]] static Result<std::unique_ptr<TcBackend>> open(const RuleClass& rules, Settings settings);

    Result<void> prepare() override;
    Result<std::vector<enforce::ChangeFailure>> apply(std::span<const enforce::ClassChange> changes) override;
    Result<void> read_back(const enforce::EntrySink& entry) override;
    /// Classes change in place, one after the other, and no packet meets none that should meet one.
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t count) override;
    Result<enforce::Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    std::size_t batch_size() const override { return 1000; }

  private:
    using Failures = std::vector<enforce::ChangeFailure>;
    struct Writing;

    TcBackend(std::string name, Settings settings, runtime::traffic::TrafficSocket socket,
              runtime::NetlinkSocket notices);

    [[nodiscard]] Result<runtime::traffic::Link> interface();
    /// The device whose classes they are; nothing: it is not there, or packets are not led to it.
    [[nodiscard]] Result<std::optional<int>> device();
    enum class State { missing, whole };
    [[nodiscard]] Result<State> load();
    [[nodiscard]] Result<State> load_if_changed();
    [[nodiscard]] Result<std::vector<runtime::NetlinkAck>> send(Requests& requests);
    [[nodiscard]] Result<void> send_all(Requests& requests, const char* what);
    [[nodiscard]] Result<void> make_filters();
    void write(Writing& writing, std::size_t index, const enforce::ClassChange& change);
    [[nodiscard]] Result<void> carry_out(Requests& requests, std::span<const std::size_t> changes,
                                         Failures& failures);

    std::string name_;
    Settings settings_;
    runtime::traffic::TrafficSocket socket_;
    runtime::NetlinkSocket notices_;
    int device_ = 0;
    std::optional<ClassPool> pool_;  ///< nothing: not read yet, or what is there is in doubt
};

}  // namespace garita::tc
