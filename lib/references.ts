/** One entry of the bibliography. */
export interface Reference {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** journal, conference or publisher, with volume and pages */
  readonly where: string;
  readonly doi?: string;
  readonly url?: string;
}

/** Everything that is cited, by key: first author in lower case, then the year. */
export const references = {
  akrout2019: {
    authors: 'Akrout, M.; Wilson, C.; Humphreys, P. C.; Lillicrap, T.; Tweed, D. B.',
    year: 2019,
    title: 'Deep learning without weight transport',
    where: 'Advances in Neural Information Processing Systems 32',
    url: 'https://arxiv.org/abs/1904.05391',
  },
  artola1990: {
    authors: 'Artola, A.; Bröcher, S.; Singer, W.',
    year: 1990,
    title:
      'Different voltage-dependent thresholds for inducing long-term depression and long-term potentiation in slices of rat visual cortex',
    where: 'Nature 347, 69–72',
    doi: '10.1038/347069a0',
  },
  baldi1989: {
    authors: 'Baldi, P.; Hornik, K.',
    year: 1989,
    title: 'Neural networks and principal component analysis: learning from examples without local minima',
    where: 'Neural Networks 2, 53–58',
    doi: '10.1016/0893-6080(89)90014-2',
  },
  bartol2015: {
    authors: 'Bartol, T. M.; Bromer, C.; Kinney, J.; Chirillo, M. A.; Bourne, J. N.; Harris, K. M.; Sejnowski, T. J.',
    year: 2015,
    title: 'Nanoconnectomic upper bound on the variability of synaptic plasticity',
    where: 'eLife 4, e10778',
    doi: '10.7554/eLife.10778',
  },
  bartunov2018: {
    authors: 'Bartunov, S.; Santoro, A.; Richards, B. A.; Marris, L.; Hinton, G. E.; Lillicrap, T.',
    year: 2018,
    title: 'Assessing the scalability of biologically-motivated deep learning algorithms and architectures',
    where: 'Advances in Neural Information Processing Systems 31',
    url: 'https://arxiv.org/abs/1807.04587',
  },
  bedecarrats2018: {
    authors: 'Bédécarrats, A.; Chen, S.; Pearce, K.; Cai, D.; Glanzman, D. L.',
    year: 2018,
    title: 'RNA from trained Aplysia can induce an epigenetic engram for long-term sensitization in untrained Aplysia',
    where: 'eNeuro 5, ENEURO.0038-18.2018',
    doi: '10.1523/ENEURO.0038-18.2018',
  },
  beyer2001: {
    authors: 'Beyer, H.-G.',
    year: 2001,
    title: 'The theory of evolution strategies',
    where: 'Springer, Natural Computing Series',
    doi: '10.1007/978-3-662-04378-3',
  },
  bi1998: {
    authors: 'Bi, G.; Poo, M.',
    year: 1998,
    title:
      'Synaptic modifications in cultured hippocampal neurons: dependence on spike timing, synaptic strength, and postsynaptic cell type',
    where: 'Journal of Neuroscience 18, 10464–10472',
    doi: '10.1523/JNEUROSCI.18-24-10464.1998',
  },
  bi2001: {
    authors: 'Bi, G.; Poo, M.',
    year: 2001,
    title: "Synaptic modification by correlated activity: Hebb's postulate revisited",
    where: 'Annual Review of Neuroscience 24, 139–166',
    doi: '10.1146/annurev.neuro.24.1.139',
  },
  bienenstock1982: {
    authors: 'Bienenstock, E. L.; Cooper, L. N.; Munro, P. W.',
    year: 1982,
    title:
      'Theory for the development of neuron selectivity: orientation specificity and binocular interaction in visual cortex',
    where: 'Journal of Neuroscience 2, 32–48',
    doi: '10.1523/JNEUROSCI.02-01-00032.1982',
  },
  blackiston2008: {
    authors: 'Blackiston, D. J.; Silva Casey, E.; Weiss, M. R.',
    year: 2008,
    title: 'Retention of memory through metamorphosis: can a moth remember what it learned as a caterpillar?',
    where: 'PLoS ONE 3, e1736',
    doi: '10.1371/journal.pone.0001736',
  },
  blackiston2015: {
    authors: 'Blackiston, D. J.; Shomrat, T.; Levin, M.',
    year: 2015,
    title: 'The stability of memories during brain remodeling: a perspective',
    where: 'Communicative & Integrative Biology 8, e1073424',
    doi: '10.1080/19420889.2015.1073424',
  },
  bliss1973: {
    authors: 'Bliss, T. V. P.; Lømo, T.',
    year: 1973,
    title:
      'Long-lasting potentiation of synaptic transmission in the dentate area of the anaesthetized rabbit following stimulation of the perforant path',
    where: 'Journal of Physiology 232, 331–356',
    doi: '10.1113/jphysiol.1973.sp010273',
  },
  bloss2018: {
    authors: 'Bloss, E. B.; Cembrowski, M. S.; Karsh, B.; Colonell, J.; Fetter, R. D.; Spruston, N.',
    year: 2018,
    title: 'Single excitatory axons form clustered synapses onto CA1 pyramidal cell dendrites',
    where: 'Nature Neuroscience 21, 353–363',
    doi: '10.1038/s41593-018-0084-6',
  },
  bolshakov1995: {
    authors: 'Bolshakov, V. Y.; Siegelbaum, S. A.',
    year: 1995,
    title: 'Regulation of hippocampal transmitter release during development and long-term potentiation',
    where: 'Science 269, 1730–1734',
    doi: '10.1126/science.7569903',
  },
  cooper2012: {
    authors: 'Cooper, L. N.; Bear, M. F.',
    year: 2012,
    title: 'The BCM theory of synapse modification at 30: interaction of theory with experiment',
    where: 'Nature Reviews Neuroscience 13, 798–810',
    doi: '10.1038/nrn3353',
  },
  crick1989: {
    authors: 'Crick, F.',
    year: 1989,
    title: 'The recent excitement about neural networks',
    where: 'Nature 337, 129–132',
    doi: '10.1038/337129a0',
  },
  daoudal2003: {
    authors: 'Daoudal, G.; Debanne, D.',
    year: 2003,
    title: 'Long-term plasticity of intrinsic excitability: learning rules and mechanisms',
    where: 'Learning & Memory 10, 456–465',
    doi: '10.1101/lm.64103',
  },
  dvorkin2016: {
    authors: 'Dvorkin, R.; Ziv, N. E.',
    year: 2016,
    title:
      'Relative contributions of specific activity histories and spontaneous processes to size remodeling of glutamatergic synapses',
    where: 'PLoS Biology 14, e1002572',
    url: 'https://journals.plos.org/plosbiology/article?id=10.1371/journal.pbio.1002572',
  },
  forrester2010: {
    authors: 'Forrester, P. J.',
    year: 2010,
    title: 'Log-gases and random matrices',
    where: 'Princeton University Press, London Mathematical Society Monographs 34',
    doi: '10.1515/9781400835416',
  },
  fremaux2010: {
    authors: 'Frémaux, N.; Sprekeler, H.; Gerstner, W.',
    year: 2010,
    title: 'Functional requirements for reward-modulated spike-timing-dependent plasticity',
    where: 'Journal of Neuroscience 30, 13326–13337',
    url: 'https://www.jneurosci.org/content/30/40/13326',
  },
  fremaux2016: {
    authors: 'Frémaux, N.; Gerstner, W.',
    year: 2016,
    title: 'Neuromodulated spike-timing-dependent plasticity, and theory of three-factor learning rules',
    where: 'Frontiers in Neural Circuits 9, 85',
    doi: '10.3389/fncir.2015.00085',
  },
  frey1988: {
    authors: 'Frey, U.; Krug, M.; Reymann, K. G.; Matthies, H.',
    year: 1988,
    title:
      'Anisomycin, an inhibitor of protein synthesis, blocks late phases of LTP phenomena in the hippocampal CA1 region in vitro',
    where: 'Brain Research 452, 57–65',
    doi: '10.1016/0006-8993(88)90008-X',
  },
  gerstner2002: {
    authors: 'Gerstner, W.; Kistler, W. M.',
    year: 2002,
    title: 'Spiking neuron models: single neurons, populations, plasticity',
    where: 'Cambridge University Press',
    doi: '10.1017/CBO9780511815706',
  },
  gerstner2014: {
    authors: 'Gerstner, W.; Kistler, W. M.; Naud, R.; Paninski, L.',
    year: 2014,
    title: 'Neuronal dynamics: from single neurons to networks and models of cognition',
    where: 'Cambridge University Press',
    url: 'https://neuronaldynamics.epfl.ch',
  },
  gerstner2018: {
    authors: 'Gerstner, W.; Lehmann, M.; Liakoni, V.; Corneil, D.; Brea, J.',
    year: 2018,
    title:
      'Eligibility traces and plasticity on behavioral time scales: experimental support of neoHebbian three-factor learning rules',
    where: 'Frontiers in Neural Circuits 12, 53',
    doi: '10.3389/fncir.2018.00053',
  },
  graupner2012: {
    authors: 'Graupner, M.; Brunel, N.',
    year: 2012,
    title:
      'Calcium-based plasticity model explains sensitivity of synaptic changes to spike pattern, rate, and dendritic location',
    where: 'Proceedings of the National Academy of Sciences 109, 3991–3996',
    doi: '10.1073/pnas.1109359109',
  },
  grossberg1987: {
    authors: 'Grossberg, S.',
    year: 1987,
    title: 'Competitive learning: from interactive activation to adaptive resonance',
    where: 'Cognitive Science 11, 23–63',
    doi: '10.1111/j.1551-6708.1987.tb00862.x',
  },
  guerguiev2017: {
    authors: 'Guerguiev, J.; Lillicrap, T. P.; Richards, B. A.',
    year: 2017,
    title: 'Towards deep learning with segregated dendrites',
    where: 'eLife 6, e22901',
    doi: '10.7554/eLife.22901',
  },
  hastie2022: {
    authors: 'Hastie, T.; Montanari, A.; Rosset, S.; Tibshirani, R. J.',
    year: 2022,
    title: 'Surprises in high-dimensional ridgeless least squares interpolation',
    where: 'Annals of Statistics 50, 949–986',
    doi: '10.1214/21-AOS2133',
  },
  hebb1949: {
    authors: 'Hebb, D. O.',
    year: 1949,
    title: 'The organization of behavior: a neuropsychological theory',
    where: 'Wiley, New York; reprinted by Psychology Press, 2002',
    doi: '10.4324/9781410612403',
  },
  hodgkin1952: {
    authors: 'Hodgkin, A. L.; Huxley, A. F.',
    year: 1952,
    title: 'A quantitative description of membrane current and its application to conduction and excitation in nerve',
    where: 'Journal of Physiology 117, 500–544',
    doi: '10.1113/jphysiol.1952.sp004764',
  },
  hoerl1970: {
    authors: 'Hoerl, A. E.; Kennard, R. W.',
    year: 1970,
    title: 'Ridge regression: biased estimation for nonorthogonal problems',
    where: 'Technometrics 12, 55–67',
    doi: '10.1080/00401706.1970.10488634',
  },
  intrator1992: {
    authors: 'Intrator, N.; Cooper, L. N.',
    year: 1992,
    title:
      'Objective function formulation of the BCM theory of visual cortical plasticity: statistical connections, stability conditions',
    where: 'Neural Networks 5, 3–17',
    doi: '10.1016/S0893-6080(05)80003-6',
  },
  izhikevich2007: {
    authors: 'Izhikevich, E. M.',
    year: 2007,
    title: 'Solving the distal reward problem through linkage of STDP and dopamine signaling',
    where: 'Cerebral Cortex 17, 2443–2452',
    url: 'https://pubmed.ncbi.nlm.nih.gov/17220510/',
  },
  jaderberg2017: {
    authors: 'Jaderberg, M.; Czarnecki, W. M.; Osindero, S.; Vinyals, O.; Graves, A.; Silver, D.; Kavukcuoglu, K.',
    year: 2017,
    title: 'Decoupled neural interfaces using synthetic gradients',
    where: 'International Conference on Machine Learning 34, 1627–1635',
    url: 'https://arxiv.org/abs/1608.05343',
  },
  kirkwood1996: {
    authors: 'Kirkwood, A.; Rioult, M. G.; Bear, M. F.',
    year: 1996,
    title: 'Experience-dependent modification of synaptic plasticity in visual cortex',
    where: 'Nature 381, 526–528',
    doi: '10.1038/381526a0',
  },
  kolen1994: {
    authors: 'Kolen, J. F.; Pollack, J. B.',
    year: 1994,
    title: 'Backpropagation without weight transport',
    where: 'IEEE International Conference on Neural Networks 3, 1375–1380',
    doi: '10.1109/ICNN.1994.374486',
  },
  larkum1999: {
    authors: 'Larkum, M. E.; Zhu, J. J.; Sakmann, B.',
    year: 1999,
    title: 'A new cellular mechanism for coupling inputs arriving at different cortical layers',
    where: 'Nature 398, 338–341',
    doi: '10.1038/18686',
  },
  levin1976: {
    authors: 'Levin, S. A.; May, R. M.',
    year: 1976,
    title: 'A note on difference-delay equations',
    where: 'Theoretical Population Biology 9, 178–187',
    doi: '10.1016/0040-5809(76)90043-5',
  },
  liao2016: {
    authors: 'Liao, Q.; Leibo, J. Z.; Poggio, T.',
    year: 2016,
    title: 'How important is weight symmetry in backpropagation?',
    where: 'AAAI Conference on Artificial Intelligence 30, 1837–1844',
    url: 'https://arxiv.org/abs/1510.05067',
  },
  lillicrap2016: {
    authors: 'Lillicrap, T. P.; Cownden, D.; Tweed, D. B.; Akerman, C. J.',
    year: 2016,
    title: 'Random synaptic feedback weights support error backpropagation for deep learning',
    where: 'Nature Communications 7, 13276',
    doi: '10.1038/ncomms13276',
  },
  lillicrap2020: {
    authors: 'Lillicrap, T. P.; Santoro, A.; Marris, L.; Akerman, C. J.; Hinton, G.',
    year: 2020,
    title: 'Backpropagation and the brain',
    where: 'Nature Reviews Neuroscience 21, 335–346',
    doi: '10.1038/s41583-020-0277-3',
  },
  mazzoni1991: {
    authors: 'Mazzoni, P.; Andersen, R. A.; Jordan, M. I.',
    year: 1991,
    title: 'A more biologically plausible learning rule for neural networks',
    where: 'Proceedings of the National Academy of Sciences 88, 4433–4437',
    doi: '10.1073/pnas.88.10.4433',
  },
  mongillo2017: {
    authors: 'Mongillo, G.; Rumpel, S.; Loewenstein, Y.',
    year: 2017,
    title: 'Intrinsic volatility of synaptic connections — a challenge to the synaptic trace theory of memory',
    where: 'Current Opinion in Neurobiology 46, 7–13',
    doi: '10.1016/j.conb.2017.06.006',
  },
  morrison2008: {
    authors: 'Morrison, A.; Diesmann, M.; Gerstner, W.',
    year: 2008,
    title: 'Phenomenological models of synaptic plasticity based on spike timing',
    where: 'Biological Cybernetics 98, 459–478',
    doi: '10.1007/s00422-008-0233-1',
  },
  nabavi2014: {
    authors: 'Nabavi, S.; Fox, R.; Proulx, C. D.; Lin, J. Y.; Tsien, R. Y.; Malinow, R.',
    year: 2014,
    title: 'Engineering a memory with LTD and LTP',
    where: 'Nature 511, 348–352',
    doi: '10.1038/nature13294',
  },
  nokland2016: {
    authors: 'Nøkland, A.',
    year: 2016,
    title: 'Direct feedback alignment provides learning in deep neural networks',
    where: 'Advances in Neural Information Processing Systems 29',
    url: 'https://arxiv.org/abs/1609.01596',
  },
  oja1982: {
    authors: 'Oja, E.',
    year: 1982,
    title: 'A simplified neuron model as a principal component analyzer',
    where: 'Journal of Mathematical Biology 15, 267–273',
    doi: '10.1007/BF00275687',
  },
  payeur2021: {
    authors: 'Payeur, A.; Guerguiev, J.; Zenke, F.; Richards, B. A.; Naud, R.',
    year: 2021,
    title: 'Burst-dependent synaptic plasticity can coordinate learning in hierarchical circuits',
    where: 'Nature Neuroscience 24, 1010–1019',
    doi: '10.1038/s41593-021-00857-x',
  },
  pearlmutter1994: {
    authors: 'Pearlmutter, B. A.',
    year: 1994,
    title: 'Fast exact multiplication by the Hessian',
    where: 'Neural Computation 6, 147–160',
    doi: '10.1162/neco.1994.6.1.147',
  },
  philpot2007: {
    authors: 'Philpot, B. D.; Cho, K. K. A.; Bear, M. F.',
    year: 2007,
    title: 'Obligatory role of NR2A for metaplasticity in visual cortex',
    where: 'Neuron 53, 495–502',
    doi: '10.1016/j.neuron.2007.01.027',
  },
  rall1973: {
    authors: 'Rall, W.; Rinzel, J.',
    year: 1973,
    title: 'Branch input resistance and steady attenuation for input to one branch of a dendritic neuron model',
    where: 'Biophysical Journal 13, 648–688',
    doi: '10.1016/S0006-3495(73)86014-X',
  },
  raman2019: {
    authors: 'Raman, D. V.; Perez Rotondo, A.; O’Leary, T.',
    year: 2019,
    title: 'Fundamental bounds on learning performance in neural circuits',
    where: 'Proceedings of the National Academy of Sciences 116, 10537–10546',
    doi: '10.1073/pnas.1813416116',
  },
  richards2019: {
    authors: 'Richards, B. A.; Lillicrap, T. P.',
    year: 2019,
    title: 'Dendritic solutions to the credit assignment problem',
    where: 'Current Opinion in Neurobiology 54, 28–36',
    doi: '10.1016/j.conb.2018.08.003',
  },
  robbins1951: {
    authors: 'Robbins, H.; Monro, S.',
    year: 1951,
    title: 'A stochastic approximation method',
    where: 'Annals of Mathematical Statistics 22, 400–407',
    doi: '10.1214/aoms/1177729586',
  },
  rumelhart1986: {
    authors: 'Rumelhart, D. E.; Hinton, G. E.; Williams, R. J.',
    year: 1986,
    title: 'Learning representations by back-propagating errors',
    where: 'Nature 323, 533–536',
    doi: '10.1038/323533a0',
  },
  saxe2014: {
    authors: 'Saxe, A. M.; McClelland, J. L.; Ganguli, S.',
    year: 2014,
    title: 'Exact solutions to the nonlinear dynamics of learning in deep linear neural networks',
    where: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/1312.6120',
  },
  schoenholz2017: {
    authors: 'Schoenholz, S. S.; Gilmer, J.; Ganguli, S.; Sohl-Dickstein, J.',
    year: 2017,
    title: 'Deep information propagation',
    where: 'International Conference on Learning Representations 5',
    url: 'https://arxiv.org/abs/1611.01232',
  },
  seung2003: {
    authors: 'Seung, H. S.',
    year: 2003,
    title: 'Learning in spiking neural networks by reinforcement of stochastic synaptic transmission',
    where: 'Neuron 40, 1063–1073',
    doi: '10.1016/S0896-6273(03)00761-X',
  },
  shatz1992: {
    authors: 'Shatz, C. J.',
    year: 1992,
    title: 'The developing brain',
    where: 'Scientific American 267(3), 60–67',
    doi: '10.1038/scientificamerican0992-60',
  },
  shomrat2013: {
    authors: 'Shomrat, T.; Levin, M.',
    year: 2013,
    title:
      'An automated training paradigm reveals long-term memory in planarians and its persistence through head regeneration',
    where: 'Journal of Experimental Biology 216, 3799–3810',
    doi: '10.1242/jeb.087809',
  },
  sjostrom2001: {
    authors: 'Sjöström, P. J.; Turrigiano, G. G.; Nelson, S. B.',
    year: 2001,
    title: 'Rate, timing, and cooperativity jointly determine cortical synaptic plasticity',
    where: 'Neuron 32, 1149–1164',
    doi: '10.1016/S0896-6273(01)00542-6',
  },
  triesch2005: {
    authors: 'Triesch, J.',
    year: 2005,
    title: "A gradient rule for the plasticity of a neuron's intrinsic excitability",
    where:
      'Artificial Neural Networks: Biological Inspirations (ICANN 2005), Lecture Notes in Computer Science 3696, 65–70',
    doi: '10.1007/11550822_11',
  },
  wang2005: {
    authors: 'Wang, H.-X.; Gerkin, R. C.; Nauen, D. W.; Bi, G.-Q.',
    year: 2005,
    title: 'Coactivation and timing-dependent integration of synaptic potentiation and depression',
    where: 'Nature Neuroscience 8, 187–193',
    doi: '10.1038/nn1387',
  },
  werfel2005: {
    authors: 'Werfel, J.; Xie, X.; Seung, H. S.',
    year: 2005,
    title: 'Learning curves for stochastic gradient descent in linear feedforward networks',
    where: 'Neural Computation 17, 2699–2718',
    doi: '10.1162/089976605774320539',
  },
  williams1992: {
    authors: 'Williams, R. J.',
    year: 1992,
    title: 'Simple statistical gradient-following algorithms for connectionist reinforcement learning',
    where: 'Machine Learning 8, 229–256',
    doi: '10.1007/BF00992696',
  },
  wittenberg2006: {
    authors: 'Wittenberg, G. M.; Wang, S. S.-H.',
    year: 2006,
    title: 'Malleability of spike-timing-dependent plasticity at the CA3–CA1 synapse',
    where: 'Journal of Neuroscience 26, 6610–6617',
    doi: '10.1523/JNEUROSCI.5388-05.2006',
  },
  yagishita2014: {
    authors: 'Yagishita, S.; Hayashi-Takagi, A.; Ellis-Davies, G. C. R.; Urakubo, H.; Ishii, S.; Kasai, H.',
    year: 2014,
    title: 'A critical time window for dopamine actions on the structural plasticity of dendritic spines',
    where: 'Science 345, 1616–1620',
    doi: '10.1126/science.1255514',
  },
} satisfies Readonly<Record<string, Reference>>;

/** A key of the bibliography. */
export type ReferenceKey = keyof typeof references;

/** A work as running text names it: `Hodgkin & Huxley (1952)`, `Lillicrap et al. (2016)`. */
export function cite(key: ReferenceKey): string {
  const { authors, year } = references[key];
  const names = authors.split('; ').map((author) => author.split(',')[0]!);
  const who = names.length > 2 ? `${names[0]} et al.` : names.join(' & ');
  return `${who} (${year})`;
}

/** A work as a list of references gives it, with the address where it is found. */
export function referenceText(key: ReferenceKey): string {
  const { authors, year, title, where, doi, url }: Reference = references[key];
  const address = doi ? ` https://doi.org/${doi}` : url ? ` ${url}` : '';
  return `${authors} (${year}). ${title}. ${where}.${address}`;
}
