#pragma once
// What Prometheus Alertmanager sends to a webhook: https://prometheus.io/docs/alerting/latest/configuration/
// (webhook_config, version "4").

#include <cstddef>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::alertmanager {

inline constexpr std::string_view alert_kind = "alertmanager";

/// An alert that does not fire any more.
struct Ended {
    std::string device;
    std::string subject;
    Time began{};
    Time ended{};
};

struct Webhook {
    /// Of `alert_kind`. The uid is "FINGERPRINT startsAt", so that a notification that is repeated brings
    /// nothing new; the device the label instance (without its port) or host, else "alertmanager"; the
    /// subject "ALERTNAME FINGERPRINT". Facts: alertname, summary, description, generator, labels (a JSON
    /// object, see labels_fact), fingerprint, starts_at, source.
    std::vector<Alert> firing;
    std::vector<Ended> resolved;
    std::size_t unreadable = 0;  ///< alerts without what makes one: labels, fingerprint, a time
};

/// `source`: as the configuration calls this Alertmanager; empty: it cannot be told silences. Fails with
/// `invalid` where the document is no notification of version 4, or none of its alerts can be read.
[[nodiscard]] Result<Webhook> read_webhook(const boost::json::value& document, std::string_view source,
                                           Time now);

/// All labels of the alert, exactly. Absent where they are longer than a fact may be: a silence made of only
/// some would hide other alerts too.
inline constexpr std::string_view labels_fact = "labels";

}  // namespace garita::alertmanager
