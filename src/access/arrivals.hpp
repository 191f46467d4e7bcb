#pragma once
// What switches say about devices that are waited for, from whichever source, becomes part of their requests:
// once, however often and by how many ways it is said.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "access/inventory.hpp"
#include "model/worker.hpp"
#include "store/access_book.hpp"

namespace garita::access {

/// A line of a log that may tell of a device.
struct Arrival {
    enum class Source {
        receiver,  ///< our own: `sender` is the socket's
        database,  ///< somebody else's: `host` is what he wrote
    };
    Source source = Source::receiver;
    std::string source_name;  ///< as people know it: "syslog", "database log1"
    IpAddress sender{};
    std::string host{};
    std::string line;
    Time at{};
};

/// Since the start.
struct ArrivalCounts {
    std::uint64_t taken = 0;
    std::uint64_t dropped = 0;   ///< the queue was full
    std::uint64_t unlisted = 0;  ///< senders of lines about devices that are waited for, who are not listed
};

class Arrivals final : public Worker {
  public:
    static constexpr std::size_t longest_queue = 4096;

    /// `wake`: the worker's, from any thread; must not block. The store outlives it.
    Arrivals(store::Store& store, store::AccessBook& book, Inventory inventory, std::function<void()> wake)
        : store_(store), book_(book), inventory_(std::move(inventory)), wake_(std::move(wake)) {}

    /// Any thread, at once: for who must not wait for a disk. False: there was no room.
    bool put(Arrival arrival);
    /// Any thread: stored when it returns, together with what `also` writes (nothing where it is empty). For
    /// who has to know.
    [[nodiscard]] Result<void> file(const std::vector<Arrival>& arrivals, Time now,
                                    const store::Store::Writing& also = {});

    [[nodiscard]] std::string_view name() const override { return "access arrivals"; }
    Result<Duration> step(Time now) override;
    [[nodiscard]] ArrivalCounts counts() const;

  private:
    /// A line that was read, with whose it is.
    struct Sighting {
        const Arrival* arrival = nullptr;
        PortEvent event;
        std::string_view from;  ///< the switch's name; empty: none that is listed
    };
    /// What changes no row, told to a request.
    struct Tale {
        AccessId request;
        std::string key;
        friend bool operator==(const Tale&, const Tale&) = default;
    };
    enum class Effect { nothing, tell, move };
    [[nodiscard]] static Effect effect(const AccessRequest& request, const Sighting& sighting);
    [[nodiscard]] static std::string key_of(const Sighting& sighting);

    [[nodiscard]] std::vector<Sighting> read(const std::vector<Arrival>& arrivals) const;
    [[nodiscard]] std::vector<AccessRequest> meant(store::View& view, const Sighting& sighting);
    [[nodiscard]] bool is_told(AccessId request, const Sighting& sighting) const;
    [[nodiscard]] Result<bool> is_news(const std::vector<Sighting>& sightings);
    [[nodiscard]] Result<void> note(store::Transaction& transaction, const Sighting& sighting, Time now,
                                    std::vector<Tale>& told);
    [[nodiscard]] static AccessLine event_line(AccessId request, const Sighting& sighting, Time now);
    void tell(store::Transaction& transaction, AccessId request, const Sighting& sighting, Time now,
              std::vector<Tale>& told);
    [[nodiscard]] Result<void> move(store::Transaction& transaction, AccessRequest request,
                                    const Sighting& sighting, Time now);
    void remember(const std::vector<Tale>& told);

    store::Store& store_;
    store::AccessBook& book_;
    const Inventory inventory_;
    const std::function<void()> wake_;

    mutable std::mutex mutex_;  ///< over what is below; nobody calls the store under it
    std::deque<Arrival> queue_;
    ArrivalCounts counts_;
    /// Switches repeat themselves, and anybody can speak in their name.
    std::map<AccessId, std::set<std::string>> told_;
};

}  // namespace garita::access
