export { firingRates } from './hodgkin-huxley.rates.figures';
export { spike } from './hodgkin-huxley.spike.figures';
export { pulses } from './hodgkin-huxley.threshold.figures';
