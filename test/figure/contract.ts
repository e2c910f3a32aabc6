/** What other tools rely on: these parameters and columns keep their names. */
export const contract: Readonly<
  Record<string, { readonly params?: readonly string[]; readonly columns?: readonly string[] }>
> = {
  'hodgkin-huxley/spike': { params: ['current', 'duration', 'dt'], columns: ['time', 'voltage', 'm', 'h', 'n'] },
  'hodgkin-huxley/f-i': { params: ['currents'], columns: ['current', 'rate'] },
  'hodgkin-huxley/threshold': {},
  'deep-linear/modes': {
    params: ['singularValues', 'a0', 'tau'],
    columns: ['time', 'mode', 'strength', 'kind'],
  },
  'deep-linear/plateaus': {},
  'deep-linear/saddle': {},
  'credit/accuracy': { params: ['epochs', 'batch', 'rate'], columns: ['epoch', 'rule', 'accuracy'] },
  'credit/angle': { columns: ['epoch', 'rule', 'layer', 'degrees'] },
  'calcium/traces': { columns: ['time', 'calcium', 'dt'] },
  'calcium/stdp-curve': {
    params: ['set', 'pairs', 'frequency', 'trials'],
    columns: ['dt', 'change', 'kind', 'se'],
  },
  'calcium/frequency': { columns: ['frequency', 'change'] },
  'ltp/epsp': { columns: ['time', 'voltage', 'series'] },
  'ltp/associativity': {},
  'ltp/phases': {},
  'fear-conditioning/inactivation': { columns: ['stage', 'response', 'group'] },
  'stdp/window': { params: ['aPlus', 'tauPlus', 'aMinus', 'tauMinus', 'hardWindow'], columns: ['dt', 'change'] },
  'bcm/curve': { columns: ['response', 'change', 'threshold'] },
  'bcm/stability': { params: ['eta', 'tauTheta', 'x', 'rule'], columns: ['time', 'response', 'threshold', 'rule'] },
  'bcm/selectivity': {},
  'bcm/dark-rearing': {},
  'hebb/runaway': { columns: ['time', 'norm', 'rule'] },
  'stdp/pairing': {},
  'perturbation/accept-reject': {},
  'perturbation/variance': {
    params: ['inputs', 'outputs', 'sigma', 'samples'],
    columns: ['rule', 'ratio', 'kind'],
  },
  'perturbation/learning': {
    params: ['inputs', 'outputs', 'sigma', 'trials'],
    columns: ['trial', 'error', 'rule'],
  },
  'perturbation/release': {},
  'perturbation/bias': {},
  'dendrites/segregation': {},
  'dendrites/burst-rule': { columns: ['apical', 'change'] },
  'intrinsic/excitability': { params: ['mu', 'eta', 'steps'], columns: ['rate', 'density', 'kind'] },
  'intrinsic/epsp-spike': {},
  'persistence/turnover': {},
};
