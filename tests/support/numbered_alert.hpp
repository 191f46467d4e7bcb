#pragma once
// Alerts that differ in their number alone.

#include <string>

#include "model/alert.hpp"

namespace garita::support {

inline Alert alert_number(int n) {
    Alert alert;
    alert.uid = std::to_string(n);
    alert.device = "web1";
    alert.kind = "k";
    alert.subject = "s";
    return alert;
}

}  // namespace garita::support
