#include "access/switch_driver.hpp"

namespace garita::access {

Change change_of(Change::What what, const SecuredMac& entry) {
    return {what, entry.port, entry.mac, entry.how, entry.in};
}

Change taking_out(const SecuredMac& entry) {
    const bool learnt = entry.how == SecuredMac::How::learnt;
    return change_of(learnt ? Change::What::forget_learnt : Change::What::release, entry);
}

}  // namespace garita::access
