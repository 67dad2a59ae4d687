/**
 * Small views that few calls need. They travel together: each file more would be one more name that
 * every call carries.
 * @module
 */
export { StillThereCard } from '../idle/still-there-card.tsx';
export { BusyCard } from '../saving/busy-card.tsx';
export { TwinCard } from '../twins/twin-card.tsx';
export { DoorToasts } from './door-toasts.tsx';
export { LockedProblem } from './locked-problem.tsx';
export { MutedHintCard } from './muted-hint-card.tsx';
export { ShareProblem } from './share-problem.tsx';
