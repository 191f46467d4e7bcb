#pragma once
// A SIEM as the workers of this room see it. Adding another product is one adapter that implements this.

#include <string>
#include <string_view>

#include "incidents/incident.hpp"
#include "model/result.hpp"

namespace garita::incidents {

/// Which incidents are asked for: those that were made, or changed, at `from` or later.
struct Window {
    enum class By { creation, modification };
    By by = By::creation;
    Time from{};
};

struct Page {
    std::vector<Incident> incidents;  ///< the oldest first, as far as the SIEM keeps to that
    std::int64_t total = 0;           ///< of the whole window
    std::size_t read = 0;             ///< entries of this page, with those that made no sense
};

/// Errors everywhere: unavailable (away, slow, an answer that makes no sense: later again), forbidden (the
/// login or the certificate is refused).
class IncidentSource {
  public:
    virtual ~IncidentSource() = default;
    [[nodiscard]] virtual Result<Page> list(const Window& window, std::size_t offset, std::size_t limit) = 0;
    /// not_found: there is no such incident (any more).
    [[nodiscard]] virtual Result<Incident> find(const std::string& id) = 0;
    [[nodiscard]] virtual Result<IncidentEvents> events(const std::string& id, std::size_t most) = 0;
    /// The oldest first.
    [[nodiscard]] virtual Result<std::vector<Transition>> history(const std::string& id) = 0;
    /// conflict: the SIEM does not allow it in the state that the incident is in now.
    [[nodiscard]] virtual Result<void> move(const std::string& id, IncidentStatus to,
                                            const std::string& message) = 0;
    /// Where people see it.
    [[nodiscard]] virtual std::string link(const std::string& id) const = 0;
    /// Ends a call under way and all later ones. Any thread.
    virtual void cancel() = 0;
};

}  // namespace garita::incidents
