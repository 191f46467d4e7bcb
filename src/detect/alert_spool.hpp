#pragma once
// Where detectors leave what they found, as detectors need it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"

namespace garita::detect {

class AlertSpool {
  public:
    AlertSpool() = default;
    AlertSpool(const AlertSpool&) = delete;
    AlertSpool& operator=(const AlertSpool&) = delete;
    virtual ~AlertSpool() = default;

    /// What was found, and how far has been read: both or neither, durable on return.
    virtual Result<void> save(const std::vector<Alert>& found, std::string_view reader,
                              std::string_view checkpoint) = 0;
    /// The last saved checkpoint of this reader; nothing at its first start.
    virtual Result<std::optional<std::string>> checkpoint(std::string_view reader) = 0;
};

}  // namespace garita::detect
