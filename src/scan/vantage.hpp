#pragma once
// A place other than this host from which can be looked: what is asked there, and what comes of it.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "scan/engine.hpp"
#include "scan/name_resolver.hpp"
#include "scan/service_probe.hpp"

namespace garita::scan {

/// Of one order, at most: an agent bears it, and a failure in the middle loses no more than this.
inline constexpr std::size_t most_probes_from_afar = std::size_t{1} << 20;
inline constexpr std::size_t most_addresses_from_afar = 4096;
inline constexpr std::size_t most_services_from_afar = 4096;
inline constexpr std::size_t most_names_from_afar = 1024;

struct NameQuestions {
    std::vector<std::string> names;
};
struct ServiceQuestions {
    std::vector<ServiceQuestion> questions;
    Wanted wanted = Wanted::both;
};
/// One of the three.
using VantageTask = std::variant<Job, NameQuestions, ServiceQuestions>;

using NameAnswers = std::vector<NameResolver::Answer>;
using ServiceAnswers = std::vector<ServiceFacts>;
/// Likewise.
using VantageOutcome = std::variant<Report, NameAnswers, ServiceAnswers>;

struct FoundOpen {
    IpAddress address;
    Port port = 0;
    friend auto operator<=>(const FoundOpen&, const FoundOpen&) = default;
};

/// How far an order is.
struct VantageNews {
    Progress progress;
    std::vector<FoundOpen> open;                    ///< so far; beyond some bound they are left out
    std::optional<Result<VantageOutcome>> outcome;  ///< the order is over
};

/// One such place. An order is carried out at most once; who does not look at it any more for some seconds
/// ends it. Several threads may ask.
class Vantage {
  public:
    Vantage() = default;
    Vantage(const Vantage&) = delete;
    Vantage& operator=(const Vantage&) = delete;
    virtual ~Vantage() = default;

    /// The order's id. `unavailable`: nobody is there now; `forbidden`: it is not done there.
    [[nodiscard]] virtual Result<std::string> order(const VantageTask& task) = 0;
    /// Waits for a moment where nothing is new. An error: nobody knows of the order any more, or can tell.
    [[nodiscard]] virtual Result<VantageNews> look(const std::string& id) = 0;
    /// It shall end with what is known; the outcome comes still.
    virtual void stop(const std::string& id) = 0;
    /// For people: "agent web1".
    [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace garita::scan
