/**
 * Every part that the SDK loads when it is needed, loaded at once.
 * @module
 */
import '../files/file-transfers.ts';
import '../insight/active-speaker.ts';
import '../insight/follow-level.ts';
import '../insight/peer-stats.ts';
import '../media/device-part.ts';
import '../media/list-devices.ts';
import '../media/screen-control.ts';
import '../peer/control-message.ts';
import '../peer/link-watch.ts';
import '../prepared-room.ts';
import '../privacy/safety-code.ts';
import '../privacy/sealed-envelope.ts';
import '../quality/governor.ts';
import '../quality/opening-part.ts';
import '../requests/request-exchange.ts';
import '../room-data.ts';
import '../mesh-room.ts';
